#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
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
  // A write of this size to a pipe is whole or fails; with nobody there to read it, nothing is lost.
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

// Moves the calling process into control groups: to them, 0 is whoever writes it.
static void join_groups(const struct berth_spawn_request *request, int pipe) {
  for (int index = 0; index < request->group_count; index++) {
    if (write(request->groups[index], "0", 1) != 1) give_up(pipe, errno, BERTH_SPAWN_GROUP);
  }
}

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

_Noreturn static void execute(const struct berth_spawn_request *request, int pipe) {
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
    if (request->mounts != NULL && berth_enter(request->mounts) != 0) {
      give_up(ends[1], errno, BERTH_SPAWN_NAMESPACE);
    }
    execute(request, ends[1]);
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
    // The second child leads no session, so that it can never be given a terminal, and is nobody's child
    // once this one has ended.
    pid_t grandchild = fork();
    if (grandchild < 0) give_up(ends[1], errno, BERTH_SPAWN_PREPARE);
    if (grandchild > 0) _exit(0);
    execute(request, ends[1]);
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
