/*
 * Writes down every change and every sync of one database's files, in the order in which they happened, so that a test
 * can say which bytes a power cut at any moment leaves. It is loaded before the C library of the program under test.
 *
 * RECORD_BASE is the path of the database file; its log and journal lie beside it under longer names. RECORD_TO is the
 * file that is written: for each step one byte of kind, one byte for the length of the name, offset and length in eight
 * bytes each, little-endian, then the name and the bytes. A sync of the folder has an empty name.
 *
 * The step and its line are one under a lock, so that the order of the lines is the order of the steps. A sync is
 * written down after it has returned and before the program hears of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t begun = PTHREAD_ONCE_INIT;
static int record = -1;
static const char *base = "";
static size_t folder_length = 0;

static void begin(void) {
    const char *to = getenv("RECORD_TO");
    const char *named = getenv("RECORD_BASE");
    const char *slash = named ? strrchr(named, '/') : NULL;
    if (!to || !slash) return;
    base = named;
    folder_length = (size_t)(slash - named);
    record = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The name of a watched file below the folder, empty for the folder itself, NULL for everything else. */
static const char *watched(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, base, folder_length) != 0) return NULL;
    if (length == folder_length) return "";
    if (strncmp(path, base, strlen(base)) != 0) return NULL;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return NULL;
    return path + folder_length + 1;
}

static const char *named(int fd, char *path, size_t room) {
    char link[64];
    pthread_once(&begun, begin);
    if (record < 0) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    return watched(path);
}

static void note(char kind, const char *name, uint64_t offset, const void *bytes, uint64_t length) {
    unsigned char head[18] = {(unsigned char)kind, (unsigned char)strlen(name)};
    for (int i = 0; i < 8; i++) {
        head[2 + i] = (unsigned char)(offset >> (8 * i));
        head[10 + i] = (unsigned char)(length >> (8 * i));
    }
    struct iovec parts[3] = {{head, sizeof head}, {(void *)name, strlen(name)}, {(void *)bytes, bytes ? length : 0}};
    size_t whole = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
    if (writev(record, parts, 3) != (ssize_t)whole) abort();
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char path[4096];
    const char *name = named(fd, path, sizeof path);
    if (!name) return real(fd, bytes, length, offset);
    pthread_mutex_lock(&turn);
    ssize_t written = real(fd, bytes, length, offset);
    if (written > 0) note('W', name, (uint64_t)offset, bytes, (uint64_t)written);
    pthread_mutex_unlock(&turn);
    return written;
}

int ftruncate64(int fd, off64_t length) {
    REAL(int, "ftruncate64", int, off64_t);
    char path[4096];
    const char *name = named(fd, path, sizeof path);
    if (!name) return real(fd, length);
    pthread_mutex_lock(&turn);
    int answer = real(fd, length);
    if (answer == 0) note('T', name, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&turn);
    return answer;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    pthread_once(&begun, begin);
    const char *name = record < 0 ? NULL : watched(path);
    if (!name) return real(path);
    pthread_mutex_lock(&turn);
    int answer = real(path);
    if (answer == 0) note('U', name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return answer;
}

static int synced(int fd, int (*real)(int)) {
    char path[4096];
    const char *name = named(fd, path, sizeof path);
    if (!name) return real(fd);
    pthread_mutex_lock(&turn);
    int answer = real(fd);
    if (answer == 0) note('S', name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return answer;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return synced(fd, real);
}
