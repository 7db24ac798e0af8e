/*
 * A machine whose stack is lwIP, as Debian builds it, on a tap interface: PRECONFIGURED_TAPIF names it. Arguments: its IPv4
 * address, mask, gateway, its IPv6 address, and the ports that are open. Prints `ready` when they are.
 */

#include <lwip/ip6_addr.h>
#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <netif/tapif.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct netif netif;
static char **words;

static err_t take(void *argument, struct tcp_pcb *pcb, err_t error) {
  (void)argument;
  (void)pcb;
  (void)error;
  return ERR_OK;
}

static void begin(void *unused) {
  ip4_addr_t address, mask, gateway;
  ip6_addr_t address6;
  s8_t place = -1;
  (void)unused;
  if (!ip4addr_aton(words[1], &address) || !ip4addr_aton(words[2], &mask) || !ip4addr_aton(words[3], &gateway) ||
      !ip6addr_aton(words[4], &address6)) {
    fputs("wanted: ADDRESS MASK GATEWAY ADDRESS6 PORT...\n", stderr);
    exit(2);
  }
  if (netif_add(&netif, &address, &mask, &gateway, NULL, tapif_init, tcpip_input) == NULL) exit(1);
  /* Without it nobody hears neighbour solicitations, which go to a group. */
  netif.flags |= NETIF_FLAG_MLD6;
  netif.ip6_autoconfig_enabled = 0;
  netif_create_ip6_linklocal_address(&netif, 1);
  netif_ip6_addr_set_state(&netif, 0, IP6_ADDR_PREFERRED);
  if (netif_add_ip6_address(&netif, &address6, &place) != ERR_OK) exit(1);
  netif_ip6_addr_set_state(&netif, place, IP6_ADDR_PREFERRED);
  netif_set_default(&netif);
  netif_set_link_up(&netif);
  netif_set_up(&netif);
  for (char **port = words + 5; *port != NULL; port++) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    if (tcp_bind(pcb, IP_ANY_TYPE, (u16_t)atoi(*port)) != ERR_OK) exit(1);
    tcp_accept(tcp_listen(pcb), take);
  }
  puts("ready");
  fflush(stdout);
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  words = arguments;
  tcpip_init(begin, NULL);
  for (;;) pause();
}
