package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(OneThread.class)
class SupervisedLearnerTest {
    @ParameterizedTest
    @EnumSource
    void everyArchitectureLearnsItsTracesByHeart(Architecture architecture) {
        List<Trace> traces = TinyPolicies.traces(2, 1, 7);
        int window = architecture == Architecture.LLAMA ? 0 : 9;
        try (Policy policy = Policy.fromScratch(TinyDecoder.config(architecture, TinyPolicies.V, 256, window), 3);
                SupervisedLearner learner = new SupervisedLearner(policy, TinyPolicies.optimization(1e-2, 0))) {
            assertThat(learner.validationLoss(traces))
                    .as("a model that knows nothing")
                    .isCloseTo(Math.log(TinyPolicies.V), within(0.1));
            for (int i = 0; i < 120; i++) {
                learner.update(traces);
            }
            assertThat(learner.validationLoss(traces)).isLessThan(0.2);
        }
    }

    @Test
    void aStepsLossIsTheValidationLossBeforeIt() {
        List<Trace> traces = TinyPolicies.traces(3, 2, 2);
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 3);
                SupervisedLearner learner = new SupervisedLearner(policy, TinyPolicies.optimization(1e-2, 40))) {
            for (int i = 0; i < 3; i++) {
                double before = learner.validationLoss(traces);
                SupervisedLearner.Stats stats = learner.update(traces);
                assertThat(stats.loss()).isCloseTo(before, within(1e-5));
                assertThat(stats.tokens())
                        .isEqualTo(traces.stream()
                                .mapToInt(trace -> trace.responseIds().length)
                                .sum());
            }
        }
    }
}
