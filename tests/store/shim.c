/* A disk whose next sync fails once, when the file named in FAIL_ONCE is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void)
{
    const char *once = getenv("FAIL_ONCE");
    return once && unlink(once) == 0;
}

int fsync(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    return fails() ? (errno = EIO, -1) : real(fd);
}

int fdatasync(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    return fails() ? (errno = EIO, -1) : real(fd);
}
