// What must happen around fork, exec and signals, where Swift code may not run.
#ifndef BERTH_CPROCESS_H
#define BERTH_CPROCESS_H

#include <sys/types.h>

// How a process is started.
struct berth_spawn_request {
  // The file to execute; if it is not absolute, it is relative to `directory`. PATH is not searched.
  const char *program;
  // The arguments, the program's own name first, ended by a null pointer.
  char *const *arguments;
  // `NAME=value` texts, ended by a null pointer.
  char *const *environment;
  // The working directory.
  const char *directory;
  // What becomes file descriptors 0, 1 and 2; -1 stands for /dev/null.
  int input;
  int output;
  int error;
  // A terminal that becomes all three of them, and the controlling one of the process's session; -1 for none.
  int terminal;
  // The files `cgroup.procs` of the control groups that the process joins, open for writing.
  const int *groups;
  int group_count;
  // The file mode creation mask.
  mode_t mask;
};

// What could not be done, when a process could not be started.
enum berth_spawn_step {
  BERTH_SPAWN_PREPARE,
  BERTH_SPAWN_GROUP,
  BERTH_SPAWN_DIRECTORY,
  BERTH_SPAWN_EXECUTE,
};

// Starts a process that leads a session of its own and that is killed when the calling thread ends (where
// the kernel can do that). Every descriptor but the first three is closed, no signal is blocked or ignored.
//
// Returns 0 and the process, or an errno value and the step that failed.
int berth_spawn(const struct berth_spawn_request *request, pid_t *process, enum berth_spawn_step *step);

// Starts a process that leads a session of its own, is nobody's child and outlives the caller.
//
// Returns 0, or an errno value and the step that failed.
int berth_spawn_detached(const struct berth_spawn_request *request, enum berth_spawn_step *step);

// Forks a process with only one thread. The child leads a session of its own and keeps the given descriptors;
// 0, 1 and 2 become /dev/null and all others are closed. Returns as fork does.
pid_t berth_fork_keeping(const int *descriptors, int count);

// Makes the calling process the one that orphans among its descendants are handed to, where the kernel can do
// that. Returns 0 or an errno value.
int berth_adopt_orphans(void);

// Makes a terminal of a size: the end to type at, and the one that a program runs on. Both are closed on exec.
// Returns 0 or an errno value.
int berth_open_terminal(int columns, int rows, int *near_end, int *far_end);

// How many descriptors can be sent at once.
enum { berth_descriptors_max = 3 };

// Sends bytes through a local socket, with descriptors for the one who receives their first byte. Never blocks
// and never raises a signal. Returns as send does.
ssize_t berth_send(int socket, const void *bytes, size_t size, const int *descriptors, int count);

// Receives bytes from a local socket, and the descriptors that came with them, which are closed on exec.
// Returns as recv does.
ssize_t berth_receive(
    int socket, void *bytes, size_t size, int descriptors[berth_descriptors_max], int *count);

// From now on, SIGCHLD and SIGTERM only write their number, one byte, into a pipe; SIGPIPE, SIGHUP and SIGINT
// are ignored. Returns the end of the pipe to read from, or -1 with errno set. May be called once.
int berth_signal_pipe(void);

#endif
