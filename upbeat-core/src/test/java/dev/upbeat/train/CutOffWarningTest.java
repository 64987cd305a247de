package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CutOffWarningTest {
    private final List<String> warnings = new ArrayList<>();
    private final CutOffWarning warning = new CutOffWarning(
            new TrainingListener() {
                @Override
                public void began(long step, long steps) {}

                @Override
                public void stepped(Map<String, ?> metrics) {}

                @Override
                public void warn(String text) {
                    warnings.add(text);
                }
            },
            256);

    private void step(long number, double flatShare, double cutOff) {
        warning.step(number, Map.of("frac_reward_zero_std", flatShare, "completions/clipped_ratio", cutOff));
    }

    @Test
    void theFirstStepWithManyCutOffResponsesIsReported() {
        step(1, 0.5, 0.49);
        step(2, 1, 0.9);
        assertThat(warnings).isEmpty();
        step(3, 0.5, 0.625);
        step(4, 0.5, 0.9);
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("step 3: 63 % of the responses were cut off at 256 tokens")
                .contains("raise rollout.max_new_tokens");
    }
}
