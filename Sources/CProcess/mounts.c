#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#endif

#if defined(__linux__)

// What is done in a process of its own, since a process that enters a namespace can't always go back. Runs between
// fork and exec: only calls that are safe in a signal handler are allowed. Returns 0 or an errno value.
typedef int (*step)(const void *argument);

// Closes every descriptor but some, so that nothing stays open, or locked, because of a process that was not meant to have
// it. Where the kernel can't do that at once, it is left to the end of the process.
static void close_all_but(int first, int second, int third) {
#if defined(SYS_close_range)
  int kept[] = {first, second, third};
  unsigned int from = 0;
  while (true) {
    int next = INT_MAX;
    for (int index = 0; index < 3; index++) {
      if (kept[index] >= 0 && (unsigned int)kept[index] >= from && kept[index] < next) next = kept[index];
    }
    if (next == INT_MAX) break;
    if ((unsigned int)next > from) syscall(SYS_close_range, from, (unsigned int)next - 1, 0U);
    from = (unsigned int)next + 1;
  }
  syscall(SYS_close_range, from, ~0U, 0U);
#else
  (void)first, (void)second, (void)third;
#endif
}

// Starts a process that does a step, for which it has the descriptors of a namespace, and tells its outcome; if it stays, it is there until it is killed. That it waits for
// nothing which another process could hold open matters: processes that are started side by side inherit each other's
// descriptors. Returns an errno value if there is no such process.
static int start(
    step body, const void *argument, const struct berth_mounts *mounts, bool stays, pid_t *process,
    int *outcome) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  // A signal that came now would run the parent's handler in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *process = fork();
  if (*process == 0) {
    close_all_but(ends[1], mounts == NULL ? -1 : mounts->space, mounts == NULL ? -1 : mounts->root);
    // It must not outlive the one that would kill it.
    if (stays && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) _exit(1);
    int result = body(argument);
    if (write(ends[1], &result, sizeof result) != sizeof result) _exit(1);
    while (stays) pause();
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

static void end(pid_t process) {
  kill(process, SIGKILL);
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}

static void wait_for(pid_t process) {
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}

// Does a step in a process of its own. Returns what came out.
static int perform(step body, const void *argument, const struct berth_mounts *mounts) {
  pid_t process;
  int outcome;
  int error = start(body, argument, mounts, false, &process, &outcome);
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
  pid_t process;
  int outcome;
  int error = start(leave_namespace, NULL, NULL, true, &process, &outcome);
  if (error == 0) {
    error = outcome;
    if (error == 0) {
      mounts->space = open_of(process, "ns/mnt", O_RDONLY);
      if (mounts->space >= 0) mounts->root = open_of(process, "root", O_RDONLY | O_DIRECTORY);
      if (mounts->root < 0) error = errno;
    }
    end(process);
  }
  const char *here[] = {NULL};
  struct berth_mount_request itself = {folder, 0, 0, NULL};
  if (error == 0) error = berth_mount(mounts, &itself, folder, here);
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
  const struct berth_mount_request *request;
  const char *base;
  const char *const *path;
};

// Opens a place in a namespace, which becomes the way to all that it can be reached by: the working directory, if it is
// a folder. Returns 0 or an errno value.
static int enter_place(const struct place *place, int *found) {
  if (berth_enter(place->mounts) != 0 || chdir(place->base) != 0) return errno;
  int current = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (current < 0) return errno;
  for (const char *const *name = place->path; *name != NULL; name++) {
    bool is_folder = name[1] != NULL || place->request == NULL || !place->request->is_file;
    int next = openat(current, *name, O_PATH | O_NOFOLLOW | O_CLOEXEC | (is_folder ? O_DIRECTORY : 0));
    if (next < 0) return errno == ELOOP ? ENOTDIR : errno;
    close(current);
    current = next;
  }
  *found = current;
  return 0;
}

// Writes the path by which a descriptor can be named. No call that is unsafe between fork and exec is made.
static void name_descriptor(int descriptor, char path[32]) {
  static const char start[] = "/proc/self/fd/";
  char digits[12];
  int count = 0;
  do {
    digits[count++] = (char)('0' + descriptor % 10);
    descriptor /= 10;
  } while (descriptor > 0);
  char *end = path;
  for (const char *next = start; *next != 0; next++) *end++ = *next;
  while (count > 0) *end++ = digits[--count];
  *end = 0;
}

#if !defined(SYS_mount_setattr)
#define SYS_mount_setattr 442
#endif

// What mount_setattr(2) takes, which older headers do not have.
struct mount_attributes {
  uint64_t set;
  uint64_t clear;
  uint64_t propagation;
  uint64_t user_space;
};

// Makes what is mounted at a place read-only, with all that is mounted below it. Returns 0 or an errno value.
static int forbid_writing(const char *place) {
  struct mount_attributes attributes = {1 /* MOUNT_ATTR_RDONLY */, 0, 0, 0};
  long result = syscall(
      SYS_mount_setattr, AT_FDCWD, place, 0x8000 /* AT_RECURSIVE */, &attributes, sizeof attributes);
  return result == 0 ? 0 : errno;
}

static int mount_there(const void *argument) {
  const struct place *place = argument;
  int found;
  int error = enter_place(place, &found);
  if (error != 0) return error;
  char target[32];
  name_descriptor(found, target);
  const struct berth_mount_request *request = place->request;
  if (request->source == NULL) {
    return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, request->options) == 0 ? 0 : errno;
  }
  if (mount(request->source, target, NULL, MS_BIND | MS_REC, NULL) != 0) return errno;
  if (!request->is_read_only) return 0;
  // The descriptor is of what is below the new mount.
  close(found);
  error = enter_place(place, &found);
  if (error != 0) return error;
  name_descriptor(found, target);
  error = forbid_writing(target);
  // What was asked for as a whole is not there in part.
  if (error != 0) umount2(target, MNT_DETACH);
  return error;
}

static int unmount_there(const void *argument) {
  int found;
  int error = enter_place(argument, &found);
  if (error != 0) return error;
  char target[32];
  name_descriptor(found, target);
  return umount2(target, MNT_DETACH) == 0 ? 0 : errno;
}

int berth_mount(
    const struct berth_mounts *mounts, const struct berth_mount_request *request, const char *base,
    const char *const *path) {
  struct place place = {mounts, request, base, path};
  return perform(mount_there, &place, mounts);
}

int berth_unmount(const struct berth_mounts *mounts, const char *base, const char *const *path) {
  struct berth_mount_request anything = {NULL, 1, 0, NULL};
  struct place place = {mounts, &anything, base, path};
  return perform(unmount_there, &place, mounts);
}

// MARK: Networks and names

struct wanted_spaces {
  int network;
  const char *host_name;
};

// Leaves the machine's network and name for new ones.
static int leave_spaces(const void *argument) {
  const struct wanted_spaces *wanted = argument;
  if (wanted->host_name != NULL) {
    if (unshare(CLONE_NEWUTS) != 0) return errno;
    if (sethostname(wanted->host_name, strlen(wanted->host_name)) != 0) return errno;
  }
  if (!wanted->network) return 0;
  if (unshare(CLONE_NEWNET) != 0) return errno;
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0) return errno;
  struct ifreq loopback;
  memset(&loopback, 0, sizeof loopback);
  memcpy(loopback.ifr_name, "lo", 3);
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  return ioctl(any, SIOCSIFFLAGS, &loopback) == 0 ? 0 : errno;
}

int berth_make_spaces(int wants_network, const char *host_name, int *network_space, int *name_space) {
  *network_space = *name_space = -1;
  struct wanted_spaces wanted = {wants_network, host_name};
  pid_t process;
  int outcome;
  int error = start(leave_spaces, &wanted, NULL, true, &process, &outcome);
  bool is_started = error == 0;
  if (is_started) error = outcome;
  if (error == 0 && wants_network && (*network_space = open_of(process, "ns/net", O_RDONLY)) < 0) error = errno;
  if (error == 0 && host_name != NULL && (*name_space = open_of(process, "ns/uts", O_RDONLY)) < 0) {
    error = errno;
  }
  if (is_started) end(process);
  if (error != 0) {
    if (*network_space >= 0) close(*network_space);
    if (*name_space >= 0) close(*name_space);
    *network_space = *name_space = -1;
  }
  return error;
}

// MARK: Trials

struct trial {
  const char *folder;
  struct berth_trials *outcome;
};

// Enters a mount namespace as another process would, and mounts a folder over itself there. Returns 0 or an errno value.
static int try_mounts(const char *folder) {
  int error = leave_namespace(NULL);
  if (error != 0) return error;
  struct berth_mounts mounts = {open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), -1};
  mounts.root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (mounts.space < 0 || mounts.root < 0) return errno;
  const char *here[] = {NULL};
  struct berth_mount_request itself = {folder, 0, 0, NULL};
  struct place place = {&mounts, &itself, folder, here};
  error = mount_there(&place);
  return error != 0 ? error : unmount_there(&place);
}

static int perform_trial(void *argument) {
  const struct trial *trial = argument;
  struct wanted_spaces host_name = {0, "berth"};
  struct wanted_spaces network = {1, NULL};
  trial->outcome->host_name = leave_spaces(&host_name);
  trial->outcome->network = leave_spaces(&network);
  // Last, for it leads to another root.
  trial->outcome->mounts = try_mounts(trial->folder);
  _exit(0);
}

void berth_try_spaces(const char *folder, struct berth_trials *trials) {
  trials->mounts = trials->network = trials->host_name = ECHILD;
  struct trial trial = {folder, trials};
  char stack[64 * 1024] __attribute__((aligned(16)));
  // A signal that came now would run the parent's handler in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // It shares the memory, which need not be copied for it, and this thread waits until it has ended.
  pid_t process = clone(perform_trial, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &trial);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (process < 0) {
    trials->mounts = trials->network = trials->host_name = error;
  } else {
    wait_for(process);
  }
}

#else

void berth_try_spaces(const char *folder, struct berth_trials *trials) {
  (void)folder;
  trials->mounts = trials->network = trials->host_name = ENOSYS;
}

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
    const struct berth_mounts *mounts, const struct berth_mount_request *request, const char *base,
    const char *const *path) {
  (void)mounts, (void)request, (void)base, (void)path;
  return ENOSYS;
}

int berth_make_spaces(int wants_network, const char *host_name, int *network_space, int *name_space) {
  (void)wants_network, (void)host_name;
  *network_space = *name_space = -1;
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
