/* The process that keeps a pod's namespaces: it sleeps, reaps orphans and leaves
   when told to. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void leave(int sig) { _exit(sig == SIGINT || sig == SIGTERM ? 0 : 1); }

static void reap(int sig) {
  (void)sig;
  while (waitpid(-1, 0, WNOHANG) > 0) {
  }
}

int main(void) {
  struct sigaction end = {.sa_handler = leave};
  struct sigaction child = {.sa_handler = reap, .sa_flags = SA_NOCLDSTOP};
  if (sigaction(SIGINT, &end, 0) || sigaction(SIGTERM, &end, 0) || sigaction(SIGCHLD, &child, 0)) return 1;
  for (;;) pause();
}
