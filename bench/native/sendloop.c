/*
 * Sends TCP packets as fast as sendmmsg takes them, and does nothing else: the limit a scanner is held against.
 *
 *   sendloop INTERFACE count=N toMac=MAC from=IPV4 to=IPV4 [hosts=N] [port=N] [ports=N] [sourcePort=N] [ratePps=N]
 *            [forge=1]
 *
 * Walks every host of `to` and every port of `port`, again and again until `count` packets are sent. Each has a
 * SYN's usual options, a changing sequence number and both checksums computed in full. With forge=1 it waits for
 * a SYN on the interface and then sends SYN-ACKs and RSTs that answer no probe: from the hosts and ports, to
 * source ports around the one it saw, with random numbers. With ratePps=N it sends no faster than that. Prints
 * {"sent":…,"ms":…,"troubles":…}.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, IP_AT = 14, TCP_AT = 34, FRAME = 74, SLOT = 128, PORTS_AROUND = 64 };

static void fail(const char *what) {
  fprintf(stderr, "sendloop: %s: %s\n", what, strerror(errno));
  exit(1);
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise) {
  size_t length = strlen(name);
  for (int i = 2; i < argc; i++)
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') return argv[i] + length + 1;
  if (otherwise == NULL) {
    fprintf(stderr, "sendloop: %s= is missing\n", name);
    exit(2);
  }
  return otherwise;
}

static uint32_t address(const char *text) {
  struct in_addr value;
  if (inet_pton(AF_INET, text, &value) != 1) {
    fprintf(stderr, "sendloop: not an IPv4 address: %s\n", text);
    exit(2);
  }
  return ntohl(value.s_addr);
}

static void put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

static uint32_t sum(const uint8_t *at, int length, uint32_t total) {
  for (int i = 0; i < length; i += 2) total += (uint32_t)(at[i] << 8 | at[i + 1]);
  return total;
}

static uint32_t fold(uint32_t total) {
  total = (total & 0xffff) + (total >> 16);
  total = (total & 0xffff) + (total >> 16);
  return ~total & 0xffff;
}

static double since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static uint32_t scramble(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)(value >> 32);
}

/* The source port of the next SYN that arrives. */
static uint32_t learn_port(int fd) {
  uint8_t bytes[2048];
  for (;;) {
    ssize_t length = recv(fd, bytes, sizeof bytes, 0);
    if (length >= TCP_AT + 20 && bytes[12] == 8 && bytes[13] == 0 && bytes[IP_AT + 9] == 6 && (bytes[TCP_AT + 13] & 0x12) == 2)
      return (uint32_t)(bytes[TCP_AT] << 8 | bytes[TCP_AT + 1]);
  }
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: sendloop INTERFACE name=value...\n");
    return 2;
  }
  uint64_t count = strtoull(option(argc, argv, "count", NULL), NULL, 10);
  uint32_t from = address(option(argc, argv, "from", NULL)), to = address(option(argc, argv, "to", NULL));
  uint32_t hosts = (uint32_t)atoi(option(argc, argv, "hosts", "1")), port = (uint32_t)atoi(option(argc, argv, "port", "80"));
  uint32_t ports = (uint32_t)atoi(option(argc, argv, "ports", "1"));
  uint32_t source = (uint32_t)atoi(option(argc, argv, "sourcePort", "61234"));
  double rate_pps = atof(option(argc, argv, "ratePps", "0"));
  int forge = atoi(option(argc, argv, "forge", "0"));
  unsigned mac[6];
  if (sscanf(option(argc, argv, "toMac", NULL), "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 6) {
    fprintf(stderr, "sendloop: toMac is no hardware address\n");
    return 2;
  }

  int fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) fail("socket");
  struct ifreq request = {0};
  strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFHWADDR, &request) < 0) fail(argv[1]);
  struct sockaddr_ll bound = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(argv[1])};
  bound.sll_protocol = forge ? htons(ETH_P_IP) : 0;
  if (bind(fd, (struct sockaddr *)&bound, sizeof bound) < 0) fail("bind");
  if (forge) source = learn_port(fd);

  static uint8_t frames[BATCH * SLOT];
  static struct iovec parts[BATCH];
  static struct mmsghdr messages[BATCH];
  static const uint8_t options[20] = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
  for (int i = 0; i < BATCH; i++) {
    uint8_t *frame = frames + i * SLOT;
    for (int k = 0; k < 6; k++) frame[k] = (uint8_t)mac[k];
    memcpy(frame + 6, request.ifr_hwaddr.sa_data, 6);
    put16(frame + 12, ETH_P_IP);
    memcpy(frame + IP_AT, (uint8_t[]){0x45, 0, 0, FRAME - IP_AT, 0, 0, 0x40, 0, 64, 6}, 10);
    put32(frame + IP_AT + 12, from);
    memcpy(frame + TCP_AT + 12, (uint8_t[]){0xa0, 2, 0xfa, 0xf0}, 4);
    memcpy(frame + TCP_AT + 20, options, sizeof options);
    parts[i] = (struct iovec){.iov_base = frame, .iov_len = FRAME};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }

  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  uint64_t sent = 0, troubles = 0;
  while (sent < count) {
    int size = count - sent < BATCH ? (int)(count - sent) : BATCH;
    for (int i = 0; i < size; i++) {
      uint8_t *frame = frames + i * SLOT;
      uint64_t number = sent + (uint64_t)i;
      uint32_t random = scramble(number + 1), host = (uint32_t)(number % hosts);
      uint32_t asked = port + (uint32_t)(number / hosts % ports);
      if (forge) {
        put32(frame + IP_AT + 12, to + host);
        put32(frame + IP_AT + 16, from);
        put16(frame + TCP_AT, asked);
        put16(frame + TCP_AT + 2, source - PORTS_AROUND / 2 + random % PORTS_AROUND);
        put32(frame + TCP_AT + 8, scramble(~number));
        frame[TCP_AT + 13] = random >> 31 ? 0x12 : 0x14;
      } else {
        put32(frame + IP_AT + 16, to + host);
        put16(frame + TCP_AT, source);
        put16(frame + TCP_AT + 2, asked);
      }
      put32(frame + TCP_AT + 4, random);
      put16(frame + IP_AT + 10, 0);
      put16(frame + IP_AT + 10, fold(sum(frame + IP_AT, 20, 0)));
      put16(frame + TCP_AT + 16, 0);
      put16(frame + TCP_AT + 16, fold(sum(frame + TCP_AT, 40, sum(frame + IP_AT + 12, 8, 6 + 40))));
    }
    for (int done = 0; done < size;) {
      int took = sendmmsg(fd, messages + done, (unsigned)(size - done), 0);
      if (took > 0) done += took;
      else if (errno != ENOBUFS && errno != EAGAIN) fail("sendmmsg");
      else troubles++;
    }
    sent += (uint64_t)size;
    double ahead = rate_pps > 0 ? (double)sent / rate_pps - since(&start) : 0;
    if (ahead > 0.0001) usleep((useconds_t)(ahead * 1e6));
  }
  printf("{\"sent\":%" PRIu64 ",\"ms\":%.3f,\"troubles\":%" PRIu64 "}\n", sent, since(&start) * 1e3, troubles);
  return 0;
}
