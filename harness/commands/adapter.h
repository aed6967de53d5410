/* The command `holdpoint adapter TARGET`: serves a target over stdin and stdout. */
#ifndef HOLDPOINT_COMMANDS_ADAPTER_H
#define HOLDPOINT_COMMANDS_ADAPTER_H

/* arguments[0] is the command's own name, "adapter". Returns the exit code: 0 at the end of the input, 2 for
 * wrong use, 3 when the target broke. */
int command_adapter(int count, char **arguments);

#endif
