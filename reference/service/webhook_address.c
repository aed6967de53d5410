#include "reference/service/webhook_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint8_t prefix[16];
    unsigned bits;
};

/* The registries of special purposes (RFC 6890 and its updates), and multicast. */
static const struct range refused_v4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 168}, 16},
    {{192, 88, 99}, 24},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/* What lies within the global addresses and yet is none, or leads on to an address of IPv4: 6to4, Teredo. */
static const struct range refused_v6[] = {
    {{0x20, 0x01, 0x00}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02}, 16}, {{0x3f, 0xff}, 20}};

static const struct range global_v6 = {{0x20}, 3};
static const struct range mapped_v6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};

static bool is_in(const uint8_t *bytes, const struct range *range) {
    size_t whole = range->bits / 8;
    unsigned rest = range->bits % 8;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return memcmp(bytes, range->prefix, whole) == 0 &&
           (rest == 0 || ((bytes[whole] ^ range->prefix[whole]) & mask) == 0);
}

static bool is_in_any(const uint8_t *bytes, const struct range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_in(bytes, &ranges[i])) {
            return true;
        }
    }
    return false;
}

static bool is_refused_v4(const uint8_t *bytes) {
    return is_in_any(bytes, refused_v4, sizeof refused_v4 / sizeof refused_v4[0]);
}

bool webhook_address_is_refused(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return is_refused_v4((const uint8_t *)&v4.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        const uint8_t *bytes = (const uint8_t *)&v6.sin6_addr;
        return is_in(bytes, &mapped_v6)
                   ? is_refused_v4(bytes + 12)
                   : !is_in(bytes, &global_v6) ||
                         is_in_any(bytes, refused_v6, sizeof refused_v6 / sizeof refused_v6[0]);
    }
    return true;
}
