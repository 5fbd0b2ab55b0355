/*
 * Lets no file grow while another file exists, as a full disk does: what a file has already can still be written over.
 * It is loaded before the C library of a database server. FULL_WHILE is the path of the file that fills the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* Whether a write up to this end needs room that there is not. */
static int no_room(int fd, off64_t end) {
    const char *full = getenv("FULL_WHILE");
    struct stat64 file;
    if (!full || access(full, F_OK) != 0) return 0;
    return fstat64(fd, &file) == 0 && S_ISREG(file.st_mode) && end > file.st_size;
}

static off64_t sum(const struct iovec *parts, int count) {
    off64_t sum = 0;
    for (int i = 0; i < count; i++) sum += (off64_t)parts[i].iov_len;
    return sum;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (!no_room(fd, offset + (off64_t)length)) return real(fd, bytes, length, offset);
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
    if (!no_room(fd, offset + sum(parts, count))) return real(fd, parts, count, offset);
    errno = ENOSPC;
    return -1;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(fd, parts, count, offset);
}

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    REAL(int, "posix_fallocate64", int, off64_t, off64_t);
    return no_room(fd, offset + length) ? ENOSPC : real(fd, offset, length);
}

int posix_fallocate(int fd, off_t offset, off_t length) {
    return posix_fallocate64(fd, offset, length);
}
