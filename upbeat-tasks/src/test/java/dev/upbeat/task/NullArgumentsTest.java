package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.EndpointTask;
import dev.upbeat.task.endpoint.Service;
import dev.upbeat.task.math.MathTask;
import dev.upbeat.task.math.MathVerifier;
import dev.upbeat.task.qa.QuestionTask;
import dev.upbeat.trace.Prompt;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // null is the fault
class NullArgumentsTest {
    private static final Prompt PROMPT = Prompt.of("1 + 1 =");

    @Test
    void aNullArgumentIsNamed() {
        named("gold", () -> MathVerifier.verify(null, "2"));
        named("response", () -> MathVerifier.verify("2", null));
        named("id", () -> new Problem(null, PROMPT, "2"));
        named("prompt", () -> new Problem("p", null, "2"));
        named("answer", () -> new Problem("p", PROMPT, null));
        named("id", () -> new TaskRow(null, PROMPT, null));
        named("text", () -> Boxed.complete(null));
        named("text", () -> AnswerText.tagged(null));
        named("response", () -> AnswerText.of(null));
    }

    @Test
    void everyTaskNamesANullProblemOrResponse() {
        Prompting bare = new Prompting(null, PromptStyle.BARE);
        Problem problem = new Problem("p", PROMPT, "2");
        for (Task task : List.of(
                new MathTask("math", bare),
                new QuestionTask("qa", bare),
                Countdown.inWords(new CountdownSettings(3, 1, 1), null),
                TaskOptions.of("zebralogic").task(() -> new MathTask("unused", bare)),
                new EndpointTask(EndpointSettings.of(Service.REWARD, "http://localhost:1", 1, 0, 1), bare))) {
            named("problem", () -> task.verify(null, "2"));
            named("response", () -> task.verify(problem, null));
        }
    }

    private static void named(String argument, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(argument);
    }
}
