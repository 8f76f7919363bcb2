#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#if defined(__linux__)

// What is done in a process of its own, since a process that enters a namespace can't always go back. Runs between
// fork and exec: only calls that are safe in a signal handler are allowed. Returns 0 or an errno value.
typedef int (*step)(const void *argument);

// Starts a process that does a step and tells its outcome; it ends once `hold`, if there is one, is closed at its
// other end. Returns an errno value if there is no such process.
static int start(step body, const void *argument, const int hold[2], pid_t *process, int *outcome) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  // A signal that came now would run the parent's handler in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *process = fork();
  if (*process == 0) {
    int result = body(argument);
    if (write(ends[1], &result, sizeof result) != sizeof result) _exit(1);
    char nothing;
    if (hold != NULL) {
      close(hold[1]);
      while (read(hold[0], &nothing, 1) < 0 && errno == EINTR) {}
    }
    _exit(0);
  }
  int error = *process < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (error == 0) {
    ssize_t count;
    do {
      count = read(ends[0], outcome, sizeof *outcome);
    } while (count < 0 && errno == EINTR);
    if (count != sizeof *outcome) *outcome = ECHILD;
  }
  close(ends[0]);
  return error;
}

static void wait_for(pid_t process) {
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}

// Does a step in a process of its own. Returns what came out.
static int perform(step body, const void *argument) {
  pid_t process;
  int outcome;
  int error = start(body, argument, NULL, &process, &outcome);
  if (error != 0) return error;
  wait_for(process);
  return outcome;
}

// MARK: Making

static int leave_namespace(const void *argument) {
  (void)argument;
  if (unshare(CLONE_NEWNS) != 0) return errno;
  return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0 ? 0 : errno;
}

// Opens what /proc tells of a process.
static int open_of(pid_t process, const char *name, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
  return open(path, flags | O_CLOEXEC);
}

static void forget(struct berth_mounts *mounts) {
  if (mounts->space >= 0) close(mounts->space);
  if (mounts->root >= 0) close(mounts->root);
  mounts->space = mounts->root = -1;
}

int berth_make_mounts(const char *folder, struct berth_mounts *mounts) {
  mounts->space = mounts->root = -1;
  int hold[2];
  if (pipe2(hold, O_CLOEXEC) != 0) return errno;
  pid_t process;
  int outcome;
  int error = start(leave_namespace, NULL, hold, &process, &outcome);
  if (error == 0) {
    error = outcome;
    if (error == 0) {
      mounts->space = open_of(process, "ns/mnt", O_RDONLY);
      if (mounts->space >= 0) mounts->root = open_of(process, "root", O_RDONLY | O_DIRECTORY);
      if (mounts->root < 0) error = errno;
    }
    close(hold[1]);
    wait_for(process);
  } else {
    close(hold[1]);
  }
  close(hold[0]);
  const char *here[] = {NULL};
  if (error == 0) error = berth_mount(mounts, folder, folder, here);
  if (error == 0) error = berth_unmount(mounts, folder, here);
  if (error != 0) forget(mounts);
  return error;
}

// MARK: Using

int berth_enter(const struct berth_mounts *mounts) {
  // To enter a namespace leads to its outermost root, which need not be the caller's.
  return setns(mounts->space, CLONE_NEWNS) == 0 && fchdir(mounts->root) == 0 && chroot(".") == 0 ? 0 : -1;
}

struct place {
  const struct berth_mounts *mounts;
  const char *folder;
  const char *base;
  const char *const *path;
};

// Makes a place in a namespace the working directory.
static int enter_place(const struct place *place) {
  if (berth_enter(place->mounts) != 0 || chdir(place->base) != 0) return errno;
  for (const char *const *name = place->path; *name != NULL; name++) {
    int next = openat(AT_FDCWD, *name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) return errno == ELOOP ? ENOTDIR : errno;
    if (fchdir(next) != 0) return errno;
    close(next);
  }
  return 0;
}

static int mount_here(const void *argument) {
  const struct place *place = argument;
  int error = enter_place(place);
  if (error != 0) return error;
  return mount(place->folder, ".", NULL, MS_BIND | MS_REC, NULL) == 0 ? 0 : errno;
}

static int unmount_here(const void *argument) {
  int error = enter_place(argument);
  if (error != 0) return error;
  return umount2(".", MNT_DETACH) == 0 ? 0 : errno;
}

int berth_mount(
    const struct berth_mounts *mounts, const char *folder, const char *base, const char *const *path) {
  struct place place = {mounts, folder, base, path};
  return perform(mount_here, &place);
}

int berth_unmount(const struct berth_mounts *mounts, const char *base, const char *const *path) {
  struct place place = {mounts, NULL, base, path};
  return perform(unmount_here, &place);
}

#else

int berth_make_mounts(const char *folder, struct berth_mounts *mounts) {
  (void)folder;
  mounts->space = mounts->root = -1;
  return ENOSYS;
}

int berth_enter(const struct berth_mounts *mounts) {
  (void)mounts;
  errno = ENOSYS;
  return -1;
}

int berth_mount(
    const struct berth_mounts *mounts, const char *folder, const char *base, const char *const *path) {
  (void)mounts, (void)folder, (void)base, (void)path;
  return ENOSYS;
}

int berth_unmount(const struct berth_mounts *mounts, const char *base, const char *const *path) {
  (void)mounts, (void)base, (void)path;
  return ENOSYS;
}

#endif

int berth_rename_new(const char *path, const char *new_path) {
#if defined(__linux__) && defined(SYS_renameat2)
  if (syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, 1U /* RENAME_NOREPLACE */) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
#elif defined(__APPLE__)
  return renamex_np(path, new_path, RENAME_EXCL) == 0 ? 0 : errno;
#endif
  // Where the file system has no such call, this is as near to it as one gets.
  struct stat status;
  if (lstat(new_path, &status) == 0) return EEXIST;
  return rename(path, new_path) == 0 ? 0 : errno;
}
