#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Opens the far end of a terminal by its near end.
static int open_far_end(int near_end) {
#if defined(__linux__)
  char name[PATH_MAX];
  int code = ptsname_r(near_end, name, sizeof name);
  if (code != 0) {
    errno = code;
    return -1;
  }
#else
  const char *name = ptsname(near_end);
  if (name == NULL) return -1;
#endif
  return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int berth_open_terminal(int columns, int rows, int *near_end, int *far_end) {
  *near_end = posix_openpt(O_RDWR | O_NOCTTY);
  if (*near_end < 0) return errno;
  fcntl(*near_end, F_SETFD, FD_CLOEXEC);
  *far_end = -1;
  if (grantpt(*near_end) == 0 && unlockpt(*near_end) == 0) *far_end = open_far_end(*near_end);
  struct winsize size;
  memset(&size, 0, sizeof size);
  size.ws_col = (unsigned short)columns;
  size.ws_row = (unsigned short)rows;
  if (*far_end >= 0 && ioctl(*far_end, TIOCSWINSZ, &size) == 0) return 0;
  int error = errno;
  if (*far_end >= 0) close(*far_end);
  close(*near_end);
  return error;
}
