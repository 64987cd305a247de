package dev.upbeat.bench;

import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tensor.Scoped;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of ownership scopes: a small libtorch operator alone, and in a scope that moves its result out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ScopeBenchmark {
    private Tensor one = new Tensor();

    @Setup
    public void start() {
        Libtorch.start(1);
        one = torch.ones(1);
    }

    @Benchmark
    public long operatorAlone() {
        try (Tensor sum = one.add(one)) {
            return sum.address();
        }
    }

    @Benchmark
    public long operatorInAScope() {
        try (PointerScope outer = new PointerScope()) {
            return Scoped.call(() -> one.add(one)).address();
        }
    }
}
