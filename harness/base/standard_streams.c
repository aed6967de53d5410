#include "harness/base/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* open gives the lowest descriptor that is free, and those below are held already. */
static bool hold(int descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) {
        return true;
    }
    return open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) == descriptor;
}

bool standard_streams_hold(void) {
    return hold(STDIN_FILENO) && hold(STDOUT_FILENO) && hold(STDERR_FILENO);
}
