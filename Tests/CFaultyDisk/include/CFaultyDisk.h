// A disk for SQLite that goes wrong at a chosen moment: a VFS that hands everything on to the real one, counts the
// calls that may fail, and lets one of them, or all from one on, fail.

#ifndef C_FAULTY_DISK_H
#define C_FAULTY_DISK_H

/// Makes the faulty disk SQLite's default one. Until it is told otherwise, and for files elsewhere, it is faultless.
/// Returns a result code of SQLite.
int faulty_disk_install(void);

/// From now on counts the calls for files whose path begins with a prefix.
///
/// The call with the number `first`, from 1, fails with a result code of SQLite; with `persists`, so do all that
/// follow. 0 lets none fail. With `keeps`, what was made durable of each file is kept beside it, under its name and
/// `.durable`.
void faulty_disk_watch(const char *prefix, int first, int code, int persists, int keeps);

/// Whether the call at which the disk was to pause is under way, and waits.
int faulty_disk_is_paused(void);

/// Lets the call that waits go on.
void faulty_disk_resume(void);

/// Stops watching, and returns how many calls there were.
int faulty_disk_unwatch(void);

/// SQLite's result code for a disk without room.
extern const int faulty_disk_full;

/// SQLite's result code for a disk that can't be read or written.
extern const int faulty_disk_broken;

/// Instead of a result code: the call waits until it is told to go on, and for no longer than a moment.
extern const int faulty_disk_pause;

#endif
