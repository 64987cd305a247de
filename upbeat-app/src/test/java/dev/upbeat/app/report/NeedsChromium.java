package dev.upbeat.app.report;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a class of tests if there is no browser; the build and {@code ./verify} say so too. */
final class NeedsChromium implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Chromium.isInstalled()
                ? ConditionEvaluationResult.enabled("there is a Chromium")
                : ConditionEvaluationResult.disabled("no Chromium: install it or name one by UPBEAT_CHROMIUM");
    }
}
