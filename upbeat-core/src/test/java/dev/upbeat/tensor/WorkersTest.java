package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @AfterEach
    void backToTheDefault() {
        Libtorch.start(0);
    }

    @Test
    void smallModelsHaveAWorkerForEachThread() {
        Libtorch.start(3);
        assertThat(Workers.forModel(1_000_000).count()).isEqualTo(3);
        assertThat(Workers.forModel(1_000_000_000_000L).count()).isEqualTo(1);
        Libtorch.start(1);
        assertThat(Workers.forModel(1_000_000).count()).isEqualTo(1);
    }

    @Test
    void eachTaskRunsOnceOnOneThread() {
        Libtorch.start(2);
        int[] runs = new int[50];
        int[] threads = new int[50];
        Workers.forModel(1).run(50, i -> {
            runs[i]++;
            threads[i] = Libtorch.threads();
        });
        assertThat(runs).containsOnly(1);
        assertThat(threads).containsOnly(1);
        assertThat(Libtorch.threads()).isEqualTo(2);
    }

    /** Each waits for the other: one thread alone would never end. */
    @Test
    void twoTasksRunAtATime() {
        Libtorch.start(2);
        CountDownLatch both = new CountDownLatch(2);
        Set<String> names = ConcurrentHashMap.newKeySet();
        Workers.forModel(1).run(2, i -> {
            names.add(Thread.currentThread().getName());
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(names).hasSize(2);
    }

    @Test
    void aSingleTaskRunsOnTheCallersThread() {
        String[] names = new String[3];
        Libtorch.start(2);
        Workers.forModel(1).run(1, i -> names[2] = Thread.currentThread().getName());
        Libtorch.start(1);
        Workers.forModel(1).run(2, i -> names[i] = Thread.currentThread().getName());
        assertThat(names).containsOnly(Thread.currentThread().getName());
    }

    @Test
    void aFailureIsThrownAfterAllTasksHaveEnded() {
        Libtorch.start(2);
        Workers workers = Workers.forModel(1);
        BadInputException failure = new BadInputException("no");
        AtomicInteger running = new AtomicInteger();
        assertThatThrownBy(() -> workers.run(100, i -> {
                    running.incrementAndGet();
                    try {
                        if (i == 3) {
                            throw failure;
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                }))
                .isSameAs(failure);
        assertThat(running).hasValue(0);
        assertThatThrownBy(() -> workers.run(2, i -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        int[] squares = new int[9];
        workers.run(9, i -> squares[i] = i * i);
        assertThat(squares)
                .containsExactly(IntStream.range(0, 9).map(i -> i * i).toArray());
    }
}
