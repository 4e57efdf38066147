/* Laid under one node (LD_PRELOAD), this moves its wall clock ahead by CLOCK_AHEAD_S seconds. The monotonic clocks stay. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec* out) {
  const int result = (int)syscall(SYS_clock_gettime, clock, out);
  const char* ahead = getenv("CLOCK_AHEAD_S");
  if (result == 0 && clock == CLOCK_REALTIME && ahead != NULL) out->tv_sec += atol(ahead);
  return result;
}
