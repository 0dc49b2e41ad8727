/*===- pool.c - The threads of a context ------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * One loop at a time, started by the thread that runs the context. `remaining`
 * both publishes a loop and hands out its iterations: whoever lowers it owns
 * one iteration. The loop's fields are read only by owners and rewritten only
 * after `unfinished` has reached 0, so they need no lock.
 *
 * Threads wait by spinning first, because the next layer usually starts within
 * microseconds, and then sleep. A sleeper announces itself before its last look
 * at the state and the waker looks for sleepers after changing it, both
 * sequentially consistent, so no wake-up is lost.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <xmmintrin.h>

enum {
  CACHE_LINE = 64,
  /* Pauses, of about 15 to 40 ns each. The caller waits longer: the iterations
   * it waits for are being computed. */
  WORKER_SPINS = 1500,
  CALLER_SPINS = 4000
};

struct shiftadd_pool {
  _Alignas(CACHE_LINE) atomic_int remaining; /* iterations nobody owns */
  _Alignas(CACHE_LINE) atomic_int unfinished;
  _Alignas(CACHE_LINE) shiftadd_loop loop;
  atomic_int status; /* of the loop's first failure */

  _Alignas(CACHE_LINE) atomic_int sleepers;
  atomic_bool caller_sleeps;
  atomic_bool stop;
  pthread_mutex_t mutex;
  pthread_cond_t work;
  pthread_cond_t done;

  pid_t process; /* the threads exist only here */
  int workers;
  pthread_t threads[];
};

/* Owns one iteration and returns its distance from the loop's end, or returns
 * 0. */
static int claim(shiftadd_pool *pool) {
  int left = atomic_load_explicit(&pool->remaining, memory_order_relaxed);
  while (left > 0)
    if (atomic_compare_exchange_weak_explicit(&pool->remaining, &left, left - 1,
                                              memory_order_acquire,
                                              memory_order_relaxed))
      return left;
  return 0;
}

static void finish(shiftadd_pool *pool, int iterations) {
  if (atomic_fetch_sub(&pool->unfinished, iterations) != iterations)
    return;
  if (!atomic_load(&pool->caller_sleeps))
    return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_signal(&pool->done);
  pthread_mutex_unlock(&pool->mutex);
}

/* A loop body for shiftadd_call_guarded: the iterations that this thread gets,
 * the first of which the caller already owns. */
static int run_claimed(void *closure, int left) {
  shiftadd_pool *pool = closure;
  do {
    const shiftadd_loop *loop = &pool->loop;
    int status = loop->task(loop->context, loop->first + (loop->count - left),
                            loop->closure);
    if (status)
      return status;
    finish(pool, 1);
    left = claim(pool);
  } while (left);
  return 0;
}

static void work(shiftadd_pool *pool) {
  int left = claim(pool);
  if (!left)
    return;
  int status =
      shiftadd_call_guarded(pool->loop.context, run_claimed, pool, left);
  if (!status)
    return;
  /* The iteration in which it happened is still owned; give up the others. */
  int none = 0;
  atomic_compare_exchange_strong(&pool->status, &none, status);
  finish(pool, 1 + atomic_exchange(&pool->remaining, 0));
}

static bool has_work(shiftadd_pool *pool) {
  return atomic_load(&pool->remaining) > 0 || atomic_load(&pool->stop);
}

static void wait_for_work(shiftadd_pool *pool) {
  for (int i = 0; i < WORKER_SPINS; ++i) {
    if (has_work(pool))
      return;
    _mm_pause();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_work(pool))
    pthread_cond_wait(&pool->work, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void wake_workers(shiftadd_pool *pool) {
  if (!atomic_load(&pool->sleepers))
    return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->mutex);
}

static void wait_until_done(shiftadd_pool *pool) {
  for (int i = 0; i < CALLER_SPINS; ++i) {
    if (!atomic_load(&pool->unfinished))
      return;
    _mm_pause();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->caller_sleeps, true);
  while (atomic_load(&pool->unfinished))
    pthread_cond_wait(&pool->done, &pool->mutex);
  atomic_store(&pool->caller_sleeps, false);
  pthread_mutex_unlock(&pool->mutex);
}

static void *worker_main(void *argument) {
  shiftadd_pool *pool = argument;
  shiftadd_enter_float_environment();
  for (;;) {
    wait_for_work(pool);
    if (atomic_load(&pool->stop))
      return NULL;
    work(pool);
  }
}

int shiftadd_pool_run(shiftadd_pool *pool, const shiftadd_loop *loop) {
  pool->loop = *loop;
  atomic_store_explicit(&pool->status, 0, memory_order_relaxed);
  atomic_store_explicit(&pool->unfinished, loop->count, memory_order_relaxed);
  atomic_store(&pool->remaining, loop->count);
  wake_workers(pool);
  work(pool);
  wait_until_done(pool);
  return atomic_load_explicit(&pool->status, memory_order_relaxed);
}

static void join(shiftadd_pool *pool, int workers) {
  atomic_store(&pool->stop, true);
  wake_workers(pool);
  for (int i = 0; i < workers; ++i)
    pthread_join(pool->threads[i], NULL);
}

shiftadd_pool *shiftadd_pool_create(int threads) {
  const int workers = threads - 1;
  size_t bytes = sizeof(shiftadd_pool) + (size_t)workers * sizeof(pthread_t);
  bytes = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  shiftadd_pool *pool = aligned_alloc(CACHE_LINE, bytes);
  if (!pool)
    return NULL;
  atomic_init(&pool->remaining, 0);
  atomic_init(&pool->unfinished, 0);
  atomic_init(&pool->status, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->caller_sleeps, false);
  atomic_init(&pool->stop, false);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->work, NULL);
  pthread_cond_init(&pool->done, NULL);
  pool->process = getpid();
  pool->workers = workers;

  /* The host program's signals are for its own threads. */
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int started = 0;
  while (started < workers &&
         !pthread_create(&pool->threads[started], NULL, worker_main, pool))
    ++started;
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (started == workers)
    return pool;
  join(pool, started);
  free(pool);
  return NULL;
}

void shiftadd_pool_destroy(shiftadd_pool *pool) {
  if (!pool)
    return;
  if (shiftadd_pool_is_alive(pool)) {
    join(pool, pool->workers);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
  }
  free(pool);
}

bool shiftadd_pool_is_alive(const shiftadd_pool *pool) {
  return pool->process == getpid();
}

int shiftadd_pool_threads(const shiftadd_pool *pool) {
  return pool->workers + 1;
}
