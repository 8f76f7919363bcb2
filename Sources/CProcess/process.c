#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// What the child tells its parent before it gives up.
struct failure {
  int error;
  int step;
};

// The lowest descriptor that the child has no use for, after the error pipe was moved to 3.
enum { error_pipe = 3, first_unused = 4 };

// Closes every descriptor from `first` on.
static void close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, (unsigned int)first, ~0U, 0U) == 0) return;
#endif
  struct rlimit limit;
  // Where the limit is not a useful number, what a process can have opened by default has to do.
  int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1 << 20 ? (int)limit.rlim_cur : 65536;
  for (int descriptor = first; descriptor < end; descriptor++) close(descriptor);
}

// Retries a wait that a signal interrupted.
static pid_t wait_for(pid_t process) {
  pid_t result;
  do {
    result = waitpid(process, NULL, 0);
  } while (result < 0 && errno == EINTR);
  return result;
}

static int make_pipe(int ends[2]) {
#if defined(__linux__)
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

// Everything below, up to the exec, runs in the child of a process that may have many threads: only calls
// that are safe in a signal handler are allowed.

_Noreturn static void give_up(int pipe, int error, enum berth_spawn_step step) {
  struct failure failure = {error, step};
  // A write of this size to a pipe is whole or fails; without a reader, nothing is lost.
  ssize_t written = write(pipe, &failure, sizeof failure);
  (void)written;
  _exit(127);
}

static void reset_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// Moves a descriptor out of the way of those that are about to be assigned.
static int move_up(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 16); }

static int choose(int descriptor, int otherwise) { return descriptor < 0 ? otherwise : descriptor; }

// Moves the calling process into control groups: to them, 0 means the process that writes it.
static void join_groups(const struct berth_spawn_request *request, int pipe) {
  for (int index = 0; index < request->group_count; index++) {
    if (write(request->groups[index], "0", 1) != 1) give_up(pipe, errno, BERTH_SPAWN_GROUP);
  }
}

// MARK: Conditions

static void set_limits(const struct berth_conditions *conditions, int pipe) {
  for (int index = 0; index < conditions->limit_count; index++) {
    const struct berth_limit *limit = &conditions->limits[index];
    struct rlimit value;
    value.rlim_cur = limit->soft == UINT64_MAX ? RLIM_INFINITY : (rlim_t)limit->soft;
    value.rlim_max = limit->hard == UINT64_MAX ? RLIM_INFINITY : (rlim_t)limit->hard;
    if (setrlimit(limit->resource, &value) != 0) give_up(pipe, errno, BERTH_SPAWN_LIMITS);
  }
}

static void become_user(const struct berth_conditions *conditions, int pipe) {
  if (setgroups((size_t)conditions->further_group_count, conditions->further_groups) != 0
      || setgid(conditions->group) != 0 || setuid(conditions->user) != 0) {
    give_up(pipe, errno, BERTH_SPAWN_USER);
  }
}

#if defined(__linux__)

static void set_oom_score(int score, int pipe) {
  char text[12];
  int start = sizeof text;
  unsigned int rest = score < 0 ? (unsigned int)-score : (unsigned int)score;
  do {
    text[--start] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (score < 0) text[--start] = '-';
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  ssize_t size = (ssize_t)sizeof text - start;
  if (file < 0 || write(file, text + start, (size_t)size) != size) give_up(pipe, errno, BERTH_SPAWN_OOM_SCORE);
  close(file);
}

static void enter_spaces(const struct berth_conditions *conditions, int pipe) {
  if (conditions->network >= 0 && setns(conditions->network, CLONE_NEWNET) != 0) {
    give_up(pipe, errno, BERTH_SPAWN_NETWORK);
  }
  if (conditions->host_name >= 0 && setns(conditions->host_name, CLONE_NEWUTS) != 0) {
    give_up(pipe, errno, BERTH_SPAWN_NETWORK);
  }
}

static void set_processors(const struct berth_conditions *conditions, int pipe) {
  if (conditions->processors_size == 0) return;
  // The kernel takes a mask of any size, by whole words.
  if (syscall(SYS_sched_setaffinity, 0, (size_t)conditions->processors_size, conditions->processors) != 0) {
    give_up(pipe, errno, BERTH_SPAWN_PROCESSORS);
  }
}

// Sets what the process itself may do to a set, of which its programs inherit what a user has who is not root.
static int set_capabilities(uint64_t own, uint64_t inherited) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  for (int half = 0; half < 2; half++) {
    data[half].effective = data[half].permitted = (uint32_t)(own >> (32 * half));
    data[half].inheritable = (uint32_t)(inherited >> (32 * half));
  }
  return (int)syscall(SYS_capset, &header, data);
}

static int read_capabilities(uint64_t *permitted) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  return 0;
}

// Takes from the process, and from all that it will start, the capabilities that it is not to have. It becomes the user
// in between, who else would lose all of them or could not give any up.
static void set_rights(const struct berth_conditions *conditions, int pipe) {
  bool keeps = conditions->limits_capabilities && conditions->changes_user && conditions->ambient != 0;
  if (conditions->limits_capabilities) {
    for (int number = 0; number < 64; number++) {
      if (conditions->bounding >> number & 1) continue;
      int has = prctl(PR_CAPBSET_READ, number, 0, 0, 0);
      if (has < 0) break;
      if (has == 1 && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) {
        give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
      }
    }
    if (keeps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
  }
  if (conditions->changes_user) become_user(conditions, pipe);
  if (keeps) {
    if (set_capabilities(conditions->ambient, conditions->ambient) != 0) {
      give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
    }
    for (int number = 0; number < 64; number++) {
      if (!(conditions->ambient >> number & 1)) continue;
      if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) != 0) {
        give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
      }
    }
  } else if (conditions->limits_capabilities && !(conditions->changes_user && conditions->user != 0)) {
    // What root inherits it has in spite of the bound.
    uint64_t permitted;
    if (read_capabilities(&permitted) != 0
        || set_capabilities(permitted & conditions->bounding, 0) != 0) {
      give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
    }
  }
  if (conditions->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    give_up(pipe, errno, BERTH_SPAWN_CAPABILITIES);
  }
}

#else

static void set_rights(const struct berth_conditions *conditions, int pipe) {
  if (conditions->limits_capabilities || conditions->no_new_privileges) {
    give_up(pipe, ENOSYS, BERTH_SPAWN_CAPABILITIES);
  }
  if (conditions->changes_user) become_user(conditions, pipe);
}

#endif

// Becomes the first of the programs that can be executed. As a shell has it, one that may not be executed is passed
// over for a later one and remembered, and so is a folder in a search.
_Noreturn static void become_program(const struct berth_spawn_request *request, int pipe) {
  int error = ENOENT;
  for (const char *const *program = request->programs; *program != NULL; program++) {
    struct stat status;
    if (stat(*program, &status) != 0) {
      if (!request->is_search || (errno != ENOENT && errno != ENOTDIR)) error = errno;
      continue;
    }
    if (S_ISDIR(status.st_mode)) {
      if (!request->is_search) error = EISDIR;
      continue;
    }
    execve(*program, request->arguments, request->environment);
    // The file is there, so what is missing is what it names: an interpreter, or a loader.
    if (errno == ENOENT) give_up(pipe, errno, BERTH_SPAWN_INTERPRETER);
    error = errno;
    if (error != EACCES) break;
  }
  give_up(pipe, error, BERTH_SPAWN_EXECUTE);
}

_Noreturn static void execute(const struct berth_spawn_request *request, int pipe, pid_t parent) {
  int report = move_up(pipe);
  if (report < 0) give_up(pipe, errno, BERTH_SPAWN_PREPARE);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) give_up(report, errno, BERTH_SPAWN_PREPARE);
  bool has_terminal = request->terminal >= 0;
  // The process leads a session that has no terminal yet.
  if (has_terminal && ioctl(request->terminal, TIOCSCTTY, 0) != 0) {
    give_up(report, errno, BERTH_SPAWN_PREPARE);
  }
  int input = move_up(choose(has_terminal ? request->terminal : request->input, nothing));
  int output = move_up(choose(has_terminal ? request->terminal : request->output, nothing));
  int error = move_up(choose(has_terminal ? request->terminal : request->error, nothing));
  // dup2 leaves the copy open across the exec, which is what the first three want.
  if (input < 0 || output < 0 || error < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0
      || dup2(error, 2) < 0 || dup2(report, error_pipe) < 0
      || fcntl(error_pipe, F_SETFD, FD_CLOEXEC) < 0) {
    give_up(report, errno, BERTH_SPAWN_PREPARE);
  }
  close_from(first_unused);
  umask(request->mask);
  if (request->conditions != NULL) {
    const struct berth_conditions *conditions = request->conditions;
    set_limits(conditions, error_pipe);
#if defined(__linux__)
    if (conditions->has_oom_score) set_oom_score(conditions->oom_score, error_pipe);
    set_processors(conditions, error_pipe);
#endif
    set_rights(conditions, error_pipe);
#if defined(__linux__)
    // A process that changes its user or rights is not killed with its parent any more, until it asks for that again.
    if (parent > 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(error_pipe, errno, BERTH_SPAWN_PREPARE);
    if (parent > 0 && getppid() != parent) _exit(127);
#endif
  }
  (void)parent;
  if (chdir(request->directory) != 0) give_up(error_pipe, errno, BERTH_SPAWN_DIRECTORY);
  reset_signals();
  become_program(request, error_pipe);
}

// Reads what the child wrote: nothing, if its exec closed the pipe.
static int read_failure(int pipe, enum berth_spawn_step *step) {
  struct failure failure = {0, BERTH_SPAWN_PREPARE};
  ssize_t count;
  do {
    count = read(pipe, &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  if (count != sizeof failure) return 0;
  *step = (enum berth_spawn_step)failure.step;
  return failure.error;
}

int berth_spawn(const struct berth_spawn_request *request, pid_t *process, enum berth_spawn_step *step) {
  *step = BERTH_SPAWN_PREPARE;
  int ends[2];
  if (make_pipe(ends) != 0) return errno;
  // A signal that came between fork and exec would run the parent's handler in the child.
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
#if defined(__linux__)
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(ends[1], errno, BERTH_SPAWN_PREPARE);
    // The parent may have died before the call above, and then no signal comes.
    if (getppid() != parent) _exit(127);
#else
    (void)parent;
#endif
    if (setsid() < 0) give_up(ends[1], errno, BERTH_SPAWN_PREPARE);
    join_groups(request, ends[1]);
#if defined(__linux__)
    if (request->conditions != NULL) enter_spaces(request->conditions, ends[1]);
#endif
    if (request->mounts != NULL && berth_enter(request->mounts) != 0) {
      give_up(ends[1], errno, BERTH_SPAWN_NAMESPACE);
    }
    execute(request, ends[1], parent);
  }
  int error = child < 0 ? errno : 0;
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (child > 0) {
    error = read_failure(ends[0], step);
    if (error != 0) wait_for(child);
  }
  close(ends[0]);
  *process = child;
  return error;
}

int berth_spawn_detached(const struct berth_spawn_request *request, enum berth_spawn_step *step) {
  *step = BERTH_SPAWN_PREPARE;
  int ends[2];
  if (make_pipe(ends) != 0) return errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child == 0) {
    if (setsid() < 0) give_up(ends[1], errno, BERTH_SPAWN_PREPARE);
    // The second child leads no session, so that it can never be given a terminal, and is an orphan once this one has
    // ended.
    pid_t grandchild = fork();
    if (grandchild < 0) give_up(ends[1], errno, BERTH_SPAWN_PREPARE);
    if (grandchild > 0) _exit(0);
    execute(request, ends[1], 0);
  }
  int error = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (child > 0) {
    wait_for(child);
    error = read_failure(ends[0], step);
  }
  close(ends[0]);
  return error;
}

static bool contains(const int *descriptors, int count, int wanted) {
  for (int index = 0; index < count; index++) {
    if (descriptors[index] == wanted) return true;
  }
  return false;
}

pid_t berth_fork_keeping(const int *descriptors, int count) {
  pid_t child = fork();
  if (child != 0) return child;
  setsid();
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0) {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
      if (descriptor != nothing) dup2(nothing, descriptor);
    }
  }
  int highest = 2;
  for (int index = 0; index < count; index++) {
    if (descriptors[index] > highest) highest = descriptors[index];
  }
  for (int descriptor = 3; descriptor < highest; descriptor++) {
    if (!contains(descriptors, count, descriptor)) close(descriptor);
  }
  close_from(highest + 1);
  return 0;
}

int berth_limit_number(const char *name) {
  static const struct {
    const char *name;
    int number;
  } limits[] = {
    {"as", RLIMIT_AS},
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"memlock", RLIMIT_MEMLOCK},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"rss", RLIMIT_RSS},
    {"stack", RLIMIT_STACK},
#if defined(__linux__)
    {"locks", RLIMIT_LOCKS},
    {"msgqueue", RLIMIT_MSGQUEUE},
    {"nice", RLIMIT_NICE},
    {"rtprio", RLIMIT_RTPRIO},
    {"rttime", RLIMIT_RTTIME},
    {"sigpending", RLIMIT_SIGPENDING},
#endif
  };
  for (size_t index = 0; index < sizeof limits / sizeof limits[0]; index++) {
    if (strcmp(limits[index].name, name) == 0) return limits[index].number;
  }
  return -1;
}

int berth_adopt_orphans(void) {
#if defined(__linux__)
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
#else
  return 0;
#endif
}

static int signal_pipe_input = -1;

static void note_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe already wakes the reader, who then looks for every child that ended.
  ssize_t written = write(signal_pipe_input, &byte, 1);
  (void)written;
  errno = saved;
}

int berth_signal_pipe(void) {
  int ends[2];
  if (make_pipe(ends) != 0) return -1;
  for (int end = 0; end < 2; end++) {
    int flags = fcntl(ends[end], F_GETFL);
    if (flags < 0 || fcntl(ends[end], F_SETFL, flags | O_NONBLOCK) < 0) return -1;
  }
  signal_pipe_input = ends[1];
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigfillset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = note_signal;
  if (sigaction(SIGCHLD, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0) return -1;
  action.sa_handler = SIG_IGN;
  if (sigaction(SIGPIPE, &action, NULL) != 0 || sigaction(SIGHUP, &action, NULL) != 0
      || sigaction(SIGINT, &action, NULL) != 0) {
    return -1;
  }
  return ends[0];
}
