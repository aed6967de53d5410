/* Which addresses a webhook must not reach: an endpoint is named by whoever subscribes, and must not open to him what only
 * this machine or its network sees. Pure. */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_ADDRESS_H
#define HOLDPOINT_SERVICE_WEBHOOK_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True for an address that is private, loopback, link-local, shared, multicast, reserved or for documentation, in IPv4 or
 * IPv6, for an IPv6 address that stands for such an IPv4 address or leads to any through a relay, and for what is neither. */
bool webhook_address_is_refused(const struct sockaddr *address);

#endif
