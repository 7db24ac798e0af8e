/*
 * A wire between two interfaces: delay, jitter, loss, duplication, overtaking, and a bottleneck with a bounded
 * queue, each way alike. For kernels without netem.
 *
 *   wire LEFT RIGHT [name=value]...    delayMs jitterMs loss duplicate reorder ratePps queue seed
 *
 * Prints `ready` when frames flow; its counters as one line of JSON on SIGUSR1, and on SIGTERM or SIGINT, with
 * which it ends. `missed` is what this program itself lost because it could not keep up: it must be 0.
 *
 * Frames travel with the kernel's virtio header (PACKET_VNET_HDR), so that packets whose checksum or
 * segmentation the sender left to the hardware stay whole. Loss spares ARP: a network that loses a question
 * about a neighbour is another experiment.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { VNET_HEADER = 10, BATCH = 64, LARGEST = VNET_HEADER + 14 + 65535 + 64, BUFFER = 128 << 20 };

struct frame {
  uint64_t due_ns;
  uint64_t order; /* frames due at the same time leave in the order they came */
  uint32_t length;
  uint8_t bytes[];
};

struct direction {
  int from, to;
  struct frame **heap;
  size_t count, room;
  uint64_t random, order, free_at_ns;
  uint64_t received, passed, lost, queue_dropped, duplicated, reordered, missed, deepest;
};

static double delay_ms, jitter_ms, loss, duplicate, reorder, rate_pps, queue = 200, seed = 1;
static volatile sig_atomic_t ending, asked;

static void fail(const char *what) {
  fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* splitmix64: any seed will do, and equal seeds meet equal fates. */
static double chance(struct direction *way) {
  uint64_t z = way->random += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static int earlier(const struct frame *a, const struct frame *b) {
  return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void push(struct direction *way, const uint8_t *bytes, uint32_t length, uint64_t due_ns) {
  struct frame *frame = malloc(sizeof *frame + length);
  if (frame == NULL) fail("malloc");
  *frame = (struct frame){.due_ns = due_ns, .order = way->order++, .length = length};
  memcpy(frame->bytes, bytes, length);
  if (way->count == way->room) {
    way->room = way->room == 0 ? 4096 : way->room * 2;
    way->heap = realloc(way->heap, way->room * sizeof *way->heap);
    if (way->heap == NULL) fail("realloc");
  }
  size_t at = way->count++;
  for (; at > 0 && earlier(frame, way->heap[(at - 1) / 2]); at = (at - 1) / 2) way->heap[at] = way->heap[(at - 1) / 2];
  way->heap[at] = frame;
  if (way->count > way->deepest) way->deepest = way->count;
}

static void pop(struct direction *way) {
  free(way->heap[0]);
  struct frame *last = way->heap[--way->count];
  size_t at = 0;
  for (;;) {
    size_t child = 2 * at + 1;
    if (child >= way->count) break;
    if (child + 1 < way->count && earlier(way->heap[child + 1], way->heap[child])) child++;
    if (!earlier(way->heap[child], last)) break;
    way->heap[at] = way->heap[child];
    at = child;
  }
  if (way->count > 0) way->heap[at] = last;
}

/* The fate of one frame. */
static void take(struct direction *way, const uint8_t *bytes, uint32_t length, uint64_t now) {
  way->received++;
  int is_arp = length >= VNET_HEADER + 14 && bytes[VNET_HEADER + 12] == 8 && bytes[VNET_HEADER + 13] == 6;
  if (!is_arp && loss > 0 && chance(way) < loss) {
    way->lost++;
    return;
  }
  uint64_t leaves = now;
  if (rate_pps > 0) {
    uint64_t each = (uint64_t)(1e9 / rate_pps);
    if (way->free_at_ns < now) way->free_at_ns = now;
    /* What waits before the bottleneck, without the frame being sent. */
    if ((double)(way->free_at_ns - now) > queue * (double)each) {
      way->queue_dropped++;
      return;
    }
    leaves = way->free_at_ns += each;
  }
  uint64_t due = leaves + (uint64_t)(delay_ms * 1e6);
  if (reorder > 0 && chance(way) < reorder) {
    way->reordered++;
    due = leaves;
  } else if (jitter_ms > 0) {
    due += (uint64_t)(chance(way) * jitter_ms * 1e6);
  }
  push(way, bytes, length, due);
  if (!is_arp && duplicate > 0 && chance(way) < duplicate) {
    way->duplicated++;
    push(way, bytes, length, due + (uint64_t)(jitter_ms > 0 ? chance(way) * jitter_ms * 1e6 : 0));
  }
}

static int receive(struct direction *way) {
  static uint8_t buffers[BATCH][LARGEST];
  struct iovec parts[BATCH];
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){.iov_base = buffers[i], .iov_len = LARGEST};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int got = recvmmsg(way->from, messages, BATCH, MSG_DONTWAIT, NULL);
  if (got <= 0) return 0;
  uint64_t now = now_ns();
  for (int i = 0; i < got; i++) take(way, buffers[i], messages[i].msg_len, now);
  return got;
}

/* Sends what is due. A full queue of the interface keeps frames for the next round: that is no loss. */
static void deliver(struct direction *way) {
  uint64_t now = now_ns();
  while (way->count > 0 && way->heap[0]->due_ns <= now) {
    struct frame *next = way->heap[0];
    if (send(way->to, next->bytes, next->length, MSG_DONTWAIT) < 0) {
      if (errno == EAGAIN || errno == ENOBUFS || errno == ENETDOWN) {
        if (errno != ENETDOWN) return;
        way->lost++;
      } else {
        way->missed++;
      }
    } else {
      way->passed++;
    }
    pop(way);
  }
}

static void count_missed(struct direction *way) {
  struct tpacket_stats stats;
  socklen_t size = sizeof stats;
  if (getsockopt(way->from, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0) way->missed += stats.tp_drops;
}

static void print_counters(struct direction ways[2]) {
  static const char *names[] = {"there", "back"};
  for (int i = 0; i < 2; i++) {
    struct direction *way = &ways[i];
    count_missed(way);
    printf("%s\"%s\":{\"received\":%" PRIu64 ",\"passed\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"queueDropped\":%" PRIu64
           ",\"duplicated\":%" PRIu64 ",\"reordered\":%" PRIu64 ",\"missed\":%" PRIu64 ",\"deepest\":%" PRIu64 "}%s",
           i == 0 ? "{" : ",", names[i], way->received, way->passed, way->lost, way->queue_dropped, way->duplicated,
           way->reordered, way->missed, way->deepest, i == 0 ? "" : "}\n");
  }
  fflush(stdout);
}

static int open_interface(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  int on = 1, size = BUFFER;
  if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) < 0) fail("PACKET_VNET_HDR");
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0) fail("PACKET_IGNORE_OUTGOING");
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) fail("SO_RCVBUFFORCE");
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  address.sll_ifindex = (int)if_nametoindex(name);
  if (address.sll_ifindex == 0) fail(name);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  return fd;
}

static void read_option(const char *text) {
  static const struct {
    const char *name;
    double *value, most;
  } options[] = {{"delayMs", &delay_ms, 60000}, {"jitterMs", &jitter_ms, 60000}, {"loss", &loss, 1},
                 {"duplicate", &duplicate, 1},  {"reorder", &reorder, 1},        {"ratePps", &rate_pps, 1e9},
                 {"queue", &queue, 1e9},        {"seed", &seed, 0x1p53}};
  const char *equals = strchr(text, '=');
  for (size_t i = 0; equals != NULL && i < sizeof options / sizeof *options; i++) {
    if (strncmp(text, options[i].name, (size_t)(equals - text)) != 0 || options[i].name[equals - text] != 0) continue;
    char *end;
    *options[i].value = strtod(equals + 1, &end);
    if (*end == 0 && *options[i].value >= 0 && *options[i].value <= options[i].most) return;
  }
  fprintf(stderr, "wire: cannot use %s\n", text);
  exit(2);
}

static void on_signal(int number) {
  if (number == SIGUSR1) asked = 1;
  else ending = 1;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: wire LEFT RIGHT [name=value]...\n");
    return 2;
  }
  for (int i = 3; i < argc; i++) read_option(argv[i]);
  int left = open_interface(argv[1]), right = open_interface(argv[2]);
  struct direction ways[2] = {{.from = left, .to = right, .random = (uint64_t)seed * 2},
                              {.from = right, .to = left, .random = (uint64_t)seed * 2 + 1}};
  struct sigaction action = {.sa_handler = on_signal};
  sigset_t mine, before;
  sigemptyset(&mine);
  for (int i = 0; i < 3; i++) {
    int number = (int[]){SIGTERM, SIGINT, SIGUSR1}[i];
    sigaddset(&mine, number);
    sigaction(number, &action, NULL);
  }
  /* Signals arrive only while waiting, so none is missed between the look and the sleep. */
  sigprocmask(SIG_BLOCK, &mine, &before);
  prctl(PR_SET_TIMERSLACK, 1000);
  printf("ready\n");
  fflush(stdout);
  while (!ending) {
    uint64_t due = UINT64_MAX, now = now_ns();
    for (int i = 0; i < 2; i++)
      if (ways[i].count > 0 && ways[i].heap[0]->due_ns < due) due = ways[i].heap[0]->due_ns;
    uint64_t rest = due == UINT64_MAX ? 1000000000u : due > now ? due - now : 0;
    struct timespec wait = {.tv_sec = (time_t)(rest / 1000000000u), .tv_nsec = (long)(rest % 1000000000u)};
    struct pollfd ready[2] = {{.fd = left, .events = POLLIN}, {.fd = right, .events = POLLIN}};
    ppoll(ready, 2, &wait, &before);
    if (asked) {
      asked = 0;
      print_counters(ways);
    }
    for (int i = 0; i < 2; i++)
      for (int batches = 0; batches < 16 && receive(&ways[i]) == BATCH; batches++) deliver(&ways[i]);
    for (int i = 0; i < 2; i++) deliver(&ways[i]);
  }
  print_counters(ways);
  return 0;
}
