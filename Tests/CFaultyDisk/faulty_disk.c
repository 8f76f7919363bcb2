#include "CFaultyDisk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const int faulty_disk_full = SQLITE_FULL;
const int faulty_disk_broken = SQLITE_IOERR;
const int faulty_disk_pause = -1;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char watched_prefix[4096];
static int calls, first_failure, failure_code, failure_persists, keeps_durable;

static pthread_cond_t resumed = PTHREAD_COND_INITIALIZER;
static int is_paused;
/// How long a call waits at most. Who holds a lock that another waits for must go on.
static const long pause_milliseconds = 60;

/// Waits until the test lets it go on, or for a moment. The mutex is locked.
static void pause_call(void) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += pause_milliseconds * 1000000;
  end.tv_sec += end.tv_nsec / 1000000000;
  end.tv_nsec %= 1000000000;
  is_paused = 1;
  while (is_paused && pthread_cond_timedwait(&resumed, &mutex, &end) == 0) continue;
  is_paused = 0;
}

static sqlite3_vfs *real_vfs;
static sqlite3_vfs faulty_vfs;

/// A file of the real disk, with the path that it was opened by.
typedef struct {
  sqlite3_file base;
  char path[4096];
  sqlite3_file *real;
} faulty_file;

static sqlite3_file *real(sqlite3_file *file) { return ((faulty_file *)file)->real; }

/// The result code of a call that may fail: whether it does is decided here.
static int next_call(const char *path, int fails_when_full) {
  int code = SQLITE_OK;
  pthread_mutex_lock(&mutex);
  size_t length = strlen(watched_prefix);
  if (length > 0 && path != NULL && strncmp(path, watched_prefix, length) == 0) {
    calls++;
    if (first_failure > 0 && (calls == first_failure || (failure_persists && calls > first_failure))) {
      // A disk without room can still be read.
      if (failure_code == faulty_disk_pause) pause_call();
      else if (failure_code != SQLITE_FULL || fails_when_full) code = failure_code;
    }
  }
  pthread_mutex_unlock(&mutex);
  return code;
}

/// Keeps what a file holds now, since it is durable from now on.
static void keep(faulty_file *file) {
  pthread_mutex_lock(&mutex);
  size_t length = strlen(watched_prefix);
  int wanted = keeps_durable && length > 0 && strncmp(file->path, watched_prefix, length) == 0;
  pthread_mutex_unlock(&mutex);
  if (!wanted) return;
  sqlite3_int64 size = 0;
  if (file->real->pMethods->xFileSize(file->real, &size) != SQLITE_OK) return;
  char *bytes = malloc((size_t)size + 1);
  if (bytes == NULL) return;
  if (size == 0 || file->real->pMethods->xRead(file->real, bytes, (int)size, 0) == SQLITE_OK) {
    char path[4200];
    snprintf(path, sizeof path, "%s.durable", file->path);
    FILE *copy = fopen(path, "wb");
    if (copy != NULL) {
      fwrite(bytes, 1, (size_t)size, copy);
      fclose(copy);
    }
  }
  free(bytes);
}

// MARK: Files

static int file_close(sqlite3_file *file) {
  int code = real(file)->pMethods ? real(file)->pMethods->xClose(real(file)) : SQLITE_OK;
  free(real(file));
  return code;
}

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  int code = next_call(((faulty_file *)file)->path, 0);
  return code ? code : real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  int code = next_call(((faulty_file *)file)->path, 1);
  return code ? code : real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  int code = next_call(((faulty_file *)file)->path, 1);
  return code ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags) {
  int code = next_call(((faulty_file *)file)->path, 1);
  if (code) return code;
  code = real(file)->pMethods->xSync(real(file), flags);
  if (code == SQLITE_OK) keep((faulty_file *)file);
  return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
static int file_lock(sqlite3_file *file, int kind) { return real(file)->pMethods->xLock(real(file), kind); }
static int file_unlock(sqlite3_file *file, int kind) { return real(file)->pMethods->xUnlock(real(file), kind); }
static int file_check(sqlite3_file *file, int *answer) {
  return real(file)->pMethods->xCheckReservedLock(real(file), answer);
}
static int file_control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int file_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int file_traits(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
static int file_map(sqlite3_file *file, int page, int size, int extends, void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extends, memory);
}
static int file_map_lock(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void file_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int file_unmap(sqlite3_file *file, int deletes) {
  return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static const sqlite3_io_methods methods = {
    2,          file_close,   file_read,   file_write,  file_truncate, file_sync,
    file_size,  file_lock,    file_unlock, file_check,  file_control,  file_sector,
    file_traits, file_map,    file_map_lock, file_barrier, file_unmap,  NULL,
    NULL,
};

// MARK: The disk

static int disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  faulty_file *opened = (faulty_file *)file;
  memset(opened, 0, sizeof *opened);
  int code = next_call(name, 0);
  if (code) return code == SQLITE_IOERR ? SQLITE_CANTOPEN : code;
  opened->real = calloc(1, (size_t)real_vfs->szOsFile);
  if (opened->real == NULL) return SQLITE_NOMEM;
  code = real_vfs->xOpen(real_vfs, name, opened->real, flags, out);
  if (code != SQLITE_OK) {
    free(opened->real);
    opened->real = NULL;
    return code;
  }
  if (name != NULL) snprintf(opened->path, sizeof opened->path, "%s", name);
  opened->base.pMethods = &methods;
  return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int syncs) {
  (void)vfs;
  int code = next_call(name, 1);
  if (code) return code;
  code = real_vfs->xDelete(real_vfs, name, syncs);
  if (code == SQLITE_OK && syncs) {
    char path[4200];
    snprintf(path, sizeof path, "%s.durable", name);
    remove(path);
  }
  return code;
}

int faulty_disk_install(void) {
  int code = SQLITE_OK;
  pthread_mutex_lock(&mutex);
  if (real_vfs == NULL) {
    real_vfs = sqlite3_vfs_find(NULL);
    // What is not replaced is the real one's: it knows itself by `pAppData`, which is copied with the rest.
    faulty_vfs = *real_vfs;
    faulty_vfs.pNext = NULL;
    faulty_vfs.zName = "faulty";
    faulty_vfs.szOsFile = sizeof(faulty_file);
    faulty_vfs.xOpen = disk_open;
    faulty_vfs.xDelete = disk_delete;
    code = sqlite3_vfs_register(&faulty_vfs, 1);
  }
  pthread_mutex_unlock(&mutex);
  return code;
}

void faulty_disk_watch(const char *prefix, int first, int code, int persists, int keeps) {
  pthread_mutex_lock(&mutex);
  snprintf(watched_prefix, sizeof watched_prefix, "%s", prefix);
  calls = 0;
  first_failure = first;
  failure_code = code;
  failure_persists = persists;
  keeps_durable = keeps;
  pthread_mutex_unlock(&mutex);
}

int faulty_disk_is_paused(void) {
  pthread_mutex_lock(&mutex);
  int answer = is_paused;
  pthread_mutex_unlock(&mutex);
  return answer;
}

void faulty_disk_resume(void) {
  pthread_mutex_lock(&mutex);
  is_paused = 0;
  pthread_cond_broadcast(&resumed);
  pthread_mutex_unlock(&mutex);
}

int faulty_disk_unwatch(void) {
  pthread_mutex_lock(&mutex);
  watched_prefix[0] = 0;
  int count = calls;
  pthread_mutex_unlock(&mutex);
  return count;
}
