// What must happen around fork, exec and signals, where Swift code may not run.
#ifndef BERTH_CPROCESS_H
#define BERTH_CPROCESS_H

#include <sys/types.h>

// A mount namespace that processes can enter.
struct berth_mounts {
  // The namespace.
  int space;
  // The root folder in it, which is also a way to look into it from outside.
  int root;
};

// How a process is started.
struct berth_spawn_request {
  // The files of which the first that can be is executed, ended by a null pointer; one that is not absolute is
  // relative to `directory`. PATH is not searched.
  const char *const *programs;
  // Whether the files are the places of a search, in which folders do not count.
  int is_search;
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
  // The mount namespace that the process enters; null for the caller's own.
  const struct berth_mounts *mounts;
  // The file mode creation mask.
  mode_t mask;
};

// What could not be done, when a process could not be started.
enum berth_spawn_step {
  BERTH_SPAWN_PREPARE,
  BERTH_SPAWN_GROUP,
  BERTH_SPAWN_NAMESPACE,
  BERTH_SPAWN_DIRECTORY,
  BERTH_SPAWN_INTERPRETER,
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

// Makes a mount namespace in which what is mounted is seen nowhere else, and what is mounted elsewhere is still
// seen. It is tried whether folders can be mounted in it, by mounting one over itself. The descriptors are closed
// on exec, and the namespace ends with the last process in it once they are closed.
//
// Returns 0, or the errno value of what the system does not allow.
int berth_make_mounts(const char *folder, struct berth_mounts *mounts);

// Enters a mount namespace, at its root folder. Safe between fork and exec. Returns 0, or -1 with errno set.
int berth_enter(const struct berth_mounts *mounts);

// Mounts a folder, with what is mounted below it, at a place in a namespace: the way down from `base` by the names of
// `path`, which end with a null pointer. No step follows a link. Returns 0 or an errno value.
int berth_mount(
    const struct berth_mounts *mounts, const char *folder, const char *base, const char *const *path);

// Takes away what is mounted at a place in a namespace. Returns 0 or an errno value: EINVAL if nothing is.
int berth_unmount(const struct berth_mounts *mounts, const char *base, const char *const *path);

// Renames what is at a path to one where nothing is. Returns 0 or an errno value: EEXIST if something is there.
int berth_rename_new(const char *path, const char *new_path);

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
