package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.study.perturbation.Criterion;
import dev.upbeat.trace.AttentionWeights;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class SpellingTest {
    /** Two options of which one has constants with an underscore. */
    static final class Options {
        @Option(names = "--criteria", split = ",")
        private List<Criterion> criteria = List.of();

        @Option(names = "--weights")
        private AttentionWeights weights = AttentionWeights.ATTENTION;
    }

    private static Options parsed(String... arguments) {
        Options options = new Options();
        Spelling.register(new CommandLine(options)).parseArgs(arguments);
        return options;
    }

    @Test
    void wordsAreAcceptedInEitherSpelling() {
        assertThat(parsed("--criteria", "high_fai,LOW-FAI,random").criteria)
                .containsExactly(Criterion.HIGH_FAI, Criterion.LOW_FAI, Criterion.RANDOM);
        assertThat(parsed("--weights", "value-norm").weights).isEqualTo(AttentionWeights.VALUE_NORM);
        assertThat(parsed("--weights", "value_norm").weights).isEqualTo(AttentionWeights.VALUE_NORM);
    }

    @Test
    void messagesNameTheDocumentedSpelling() {
        for (Criterion criterion : Criterion.values()) {
            assertThat(Spelling.of(criterion)).isEqualTo(criterion.key());
        }
        assertThatThrownBy(() -> parsed("--weights", "loud"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("expected attention or value-norm, given 'loud'");
    }
}
