/* Loaded into a daemon under test before the C library (LD_PRELOAD): counts its calls that change the disk, in the order in which
   all its threads make them, and where it is told to lets them fail, cuts them short or ends the process at one. What it is told
   stands in a file that both sides map; DiskFaults.cs writes it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, CUT = 4, RENAME = 8, REMOVE = 16, FILE_ITSELF = 32 };
enum { DO_FAIL = 0, DO_KILL = 1, DO_SHORTEN = 2 };

struct control {
    int32_t armed;
    int32_t calls;
    int64_t first;
    int64_t last;
    int32_t what;
    int32_t error;
    int64_t made;
    int64_t hit;
};

static struct control *control;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("DASH_DISK_FAULTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *memory = mmap(0, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) control = memory;
}

/* Is this a wallet's file, and not its log or anything else? */
static int is_wallet(int file)
{
    static const char name[] = "/wallet.dat";
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = file < 0 ? -1 : readlink(link, path, sizeof path);
    size_t own = sizeof name - 1;
    return length >= (ssize_t)own && !memcmp(path + length - own, name, own);
}

/* Is it this call's turn? The process does not come back from here where it is to end. */
static int is_hit(int call, int file)
{
    if (!control || !__atomic_load_n(&control->armed, __ATOMIC_ACQUIRE) || !(control->calls & call)) return 0;
    if ((control->calls & FILE_ITSELF) && !is_wallet(file)) return 0;
    int64_t number = __atomic_add_fetch(&control->made, 1, __ATOMIC_SEQ_CST);
    if (number < control->first || number > control->last) return 0;
    if (control->what == DO_SHORTEN && call != WRITE) return 0;
    __atomic_add_fetch(&control->hit, 1, __ATOMIC_SEQ_CST);
    if (control->what == DO_KILL) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = control->error;
    return 1;
}

#define REAL(name) ({ static typeof(&name) real; if (!real) real = (typeof(&name))dlsym(RTLD_NEXT, #name); real; })

#define PASS(call, file, name, ...) (is_hit(call, file) ? -1 : REAL(name)(__VA_ARGS__))

#define WRITE_AT(name, offset_type) \
    ssize_t name(int file, const void *data, size_t count, offset_type at) \
    { \
        if (!is_hit(WRITE, file)) return REAL(name)(file, data, count, at); \
        return control->what == DO_SHORTEN ? REAL(name)(file, data, count > 1 ? count / 2 : count, at) : -1; \
    }

WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

int fsync(int file) { return PASS(SYNC, file, fsync, file); }
int fdatasync(int file) { return PASS(SYNC, file, fdatasync, file); }
int ftruncate(int file, off_t size) { return PASS(CUT, file, ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { return PASS(CUT, file, ftruncate64, file, size); }
int rename(const char *from, const char *to) { return PASS(RENAME, -1, rename, from, to); }
int renameat2(int from, const char *old, int to, const char *new, unsigned int flags) { return PASS(RENAME, -1, renameat2, from, old, to, new, flags); }
int unlink(const char *path) { return PASS(REMOVE, -1, unlink, path); }
