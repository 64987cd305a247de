package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomCreditTest {
    /** Gives every token its response's advantage. */
    public static final class ByAdvantage implements CustomCredit {
        @Override
        public Set<String> needs() {
            return Set.of(Credit.ADVANTAGE);
        }

        @Override
        public float[][] gamma(Step batch) {
            float[][] gamma = new float[batch.size()][];
            for (int b = 0; b < gamma.length; b++) {
                gamma[b] = new Constant(batch.advantages()[b]).gamma(batch.observation(b));
            }
            return gamma;
        }
    }

    /** Forgets the last token of every response. */
    public static final class TooShort implements CustomCredit {
        @Override
        public float[][] gamma(Step batch) {
            return IntStream.range(0, batch.size())
                    .mapToObj(i -> new float[batch.length(i) - 1])
                    .toArray(float[][]::new);
        }
    }

    /** Gives nothing. */
    public static final class NoRows implements CustomCredit {
        @Override
        public float[][] gamma(Step batch) {
            return new float[0][];
        }
    }

    /** Sorts a series in place to find its median. */
    public static final class Sorting implements CustomCredit {
        @Override
        public float[][] gamma(Step batch) {
            Arrays.sort(batch.observation(1).columns().get("mine"));
            return new Constant(1).gamma(batch).weights();
        }
    }

    /** Cannot be made without something. */
    public record Demanding(float weight) implements CustomCredit {
        @Override
        public float[][] gamma(Step batch) {
            return new Constant(weight).gamma(batch).weights();
        }
    }

    /** Fails in its constructor. */
    public static final class Failing implements CustomCredit {
        public Failing() {
            throw new IllegalStateException("no weights at home");
        }

        @Override
        public float[][] gamma(Step batch) {
            throw new AssertionError("never made");
        }
    }

    @Test
    void aColumnIsTakenAsItIs() {
        Step batch = Batches.of(Batches.column("mine", 0, 2.5f), Batches.column("mine", 1));
        Credit credit = new GammaColumn("mine");
        assertThat(credit.needs()).containsExactly("mine");
        assertThat(Batches.gamma(credit, batch)).isDeepEqualTo(new float[][] {{0, 2.5f}, {1}});
    }

    @ParameterizedTest
    @ValueSource(floats = {NAN, -0.5f, Float.POSITIVE_INFINITY})
    void aWrongWeightIsRefusedByTraceAndToken(float weight) {
        Step batch = Batches.of(Batches.column("mine", 1), Batches.column("mine", 1, weight));
        assertThatThrownBy(() -> new GammaColumn("mine").gamma(batch))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("column mine")
                .hasMessageContaining("token 1 of trace 1")
                .hasMessageContaining("" + weight);
    }

    @Test
    void aColumnThatIsNotThereIsRefusedByName() {
        assertThatThrownBy(() -> new GammaColumn("mine").gamma(Batches.of(Batches.tokens(1))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("no column mine");
    }

    @Test
    void aClassIsLoadedByNameAndSeesTheBatch() {
        Credit credit = CustomClass.load(ByAdvantage.class.getName());
        assertThat(credit.needs()).containsExactly("advantage");
        assertThat(Batches.gamma(credit, Batches.of(new float[] {2, 0}, Batches.tokens(2), Batches.tokens(1))))
                .isDeepEqualTo(new float[][] {{2, 2}, {0}});
    }

    @Test
    void weightsOfAClassAreChecked() {
        refusedGamma(ByAdvantage.class, "token 0 of trace 0", "weight -1.0");
        refusedGamma(TooShort.class, "trace 0 1 weights", "expected 2");
        refusedGamma(NoRows.class, "0 rows", "expected 1");
    }

    @Test
    void aClassThatChangesTheStepIsRefused() {
        Credit credit = CustomClass.load(Sorting.class.getName());
        credit.apply(Batches.of(Batches.column("mine", 2, 1), Batches.column("mine", 0, 1)));
        assertThatThrownBy(() -> credit.apply(Batches.of(Batches.column("mine", 0, 1), Batches.column("mine", 2, 1))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(Sorting.class.getName(), "of trace 1 in place", "work on copies");
    }

    private static void refusedGamma(Class<?> type, String... parts) {
        Credit credit = CustomClass.load(type.getName());
        assertThatThrownBy(() -> credit.apply(Batches.of(new float[] {-1}, Batches.tokens(2))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(type.getName())
                .hasMessageContainingAll(parts);
    }

    @Test
    void anUnusableClassIsRefusedWithTheReason() {
        refused("com.example.Missing", "not on the class path", "UPBEAT_CLASSPATH");
        refused("java.lang.String", "does not implement", "dev.upbeat.credit.CustomCredit");
        refused(Demanding.class.getName(), "cannot be instantiated");
        refused(CustomCredit.class.getName(), "cannot be instantiated");
        refused(Failing.class.getName(), "fails when it is instantiated", "no weights at home");
    }

    private static void refused(String name, String... parts) {
        assertThatThrownBy(() -> CustomClass.load(name))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("class " + name)
                .hasMessageContainingAll(parts);
    }
}
