// What must happen around fork, exec and signals, where Swift code may not run.
#ifndef BERTH_CPROCESS_H
#define BERTH_CPROCESS_H

#include <stdint.h>
#include <sys/types.h>

// A mount namespace that processes can enter.
struct berth_mounts {
  // The namespace.
  int space;
  // The root folder in it, which is also a way to look into it from outside.
  int root;
};

// A limit of a process (getrlimit(2)).
struct berth_limit {
  // What is limited, by the system's number.
  int resource;
  // What a process has at first, and what it can have at most; UINT64_MAX is without limit.
  uint64_t soft;
  uint64_t hard;
};

// Under what a process runs, apart from the program. All of it is as the caller has it unless it is said.
struct berth_conditions {
  // Whether it becomes another user.
  int changes_user;
  uid_t user;
  gid_t group;
  const gid_t *further_groups;
  int further_group_count;
  // Whether what follows counts.
  int limits_capabilities;
  // The capabilities that it and its programs can have at most, each a bit.
  uint64_t bounding;
  // Those that a user has who is not root.
  uint64_t ambient;
  // Whether no program gives it more rights than it has.
  int no_new_privileges;
  const struct berth_limit *limits;
  int limit_count;
  // How soon it is ended for want of memory, if that is said.
  int has_oom_score;
  int oom_score;
  // The processors that it may run on, each a bit of a byte; none for all.
  const unsigned char *processors;
  int processors_size;
  // The namespaces of network and host name that it enters; -1 for the caller's own.
  int network;
  int host_name;
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
  // Under what it runs; null for all as the caller has it.
  const struct berth_conditions *conditions;
  // The file mode creation mask.
  mode_t mask;
};

// What could not be done, when a process could not be started.
enum berth_spawn_step {
  BERTH_SPAWN_PREPARE,
  BERTH_SPAWN_GROUP,
  BERTH_SPAWN_NAMESPACE,
  BERTH_SPAWN_NETWORK,
  BERTH_SPAWN_LIMITS,
  BERTH_SPAWN_OOM_SCORE,
  BERTH_SPAWN_PROCESSORS,
  BERTH_SPAWN_USER,
  BERTH_SPAWN_CAPABILITIES,
  BERTH_SPAWN_DIRECTORY,
  BERTH_SPAWN_INTERPRETER,
  BERTH_SPAWN_EXECUTE,
};

// Starts a process that leads a session of its own and that is killed when the calling thread ends (where
// the kernel can do that). Every descriptor but the first three is closed, no signal is blocked or ignored.
//
// Returns 0 and the process, or an errno value and the step that failed.
int berth_spawn(const struct berth_spawn_request *request, pid_t *process, enum berth_spawn_step *step);

// Starts a process that leads a session of its own, is no child of the caller and outlives it.
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

// What is mounted.
struct berth_mount_request {
  // The folder or file, with what is mounted below it; null for memory.
  const char *source;
  // Whether the source is no folder, nor what it is mounted at.
  int is_file;
  // Whether nothing can be written there.
  int is_read_only;
  // Of memory, its options as mount(8) has them for tmpfs.
  const char *options;
};

// Mounts something at a place in a namespace: the way down from `base` by the names of `path`, which end with a null
// pointer. No step follows a link. Returns 0 or an errno value.
int berth_mount(
    const struct berth_mounts *mounts, const struct berth_mount_request *request, const char *base,
    const char *const *path);

// Makes a network of its own with nothing but a loopback, and a host name, as far as they are wanted. The namespaces
// end with the last process in them once the descriptors are closed, which they are on exec.
//
// `host_name` is null where none is wanted. Returns 0, with -1 for what is not wanted, or an errno value.
int berth_make_spaces(int wants_network, const char *host_name, int *network_space, int *name_space);

// What the system lets a process have for itself: 0 each, or the errno value of what it does not allow.
struct berth_trials {
  // Mounts, as `berth_make_mounts` makes them.
  int mounts;
  // A network and a host name, as `berth_make_spaces` makes them.
  int network;
  int host_name;
};

// Tries all of it in one process that ends at once, and makes nothing. The calling thread waits meanwhile.
//
// `folder` is one that is mounted over itself.
void berth_try_spaces(const char *folder, struct berth_trials *trials);

// The system's number of a limit by its name as `ulimit` and limits.conf(5) have it; -1 if it has no such limit.
int berth_limit_number(const char *name);

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
