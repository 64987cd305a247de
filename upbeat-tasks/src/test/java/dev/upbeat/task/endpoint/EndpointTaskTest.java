package dev.upbeat.task.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.endpoint.Endpoint.Reply;
import dev.upbeat.trace.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTaskTest {
    private static final String HALF =
            "{\"reward\": 0.5, \"parsed\": \"4\", \"reason\": \"nearly\", \"parts\": {\"style\": 0.5}}";

    private static EndpointTask task(EndpointSettings settings) {
        return new EndpointTask(settings, new Prompting(null, PromptStyle.BARE));
    }

    @Test
    void theEndpointSaysWhatAResponseIsWorth() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok(HALF))) {
            EndpointTask task = task(endpoint.settings(0, 1));
            Problem problem = task.problem(new TaskRow("q", "2 + 2?", "4"));

            Score score = task.verify(problem, "four é");

            assertThat(score.reward()).isEqualTo(0.5);
            assertThat(score.correct()).isFalse();
            assertThat(score.parsed()).isEqualTo("4");
            assertThat(score.reason()).isEqualTo("nearly");
            assertThat(score.parts()).containsEntry("style", 0.5);
            JsonNode request = new ObjectMapper().readTree(endpoint.requests().get(0));
            assertThat(request).isEqualTo(new ObjectMapper().readTree("""
                    {"id": "q", "messages": [{"role": "user", "content": "2 + 2?"}], "response": "four é", "answer": "4"}"""));
        }
    }

    @Test
    void verdictsKeepTheOrderAndConcurrencyIsLimited() throws IOException {
        try (Endpoint endpoint =
                new Endpoint(number -> Reply.ok("{\"reward\": 1}").after(Duration.ofMillis(20)))) {
            EndpointTask task = task(endpoint.settings(0, 3));
            List<Problem> problems = IntStream.range(0, 12)
                    .mapToObj(i -> task.problem(new TaskRow("q" + i, "?", null)))
                    .toList();

            List<Score> scores = task.verifyAll(problems, Collections.nCopies(12, "x"));

            assertThat(scores).hasSize(12).allMatch(Score::correct);
            assertThat(endpoint.requests()).hasSize(12);
            assertThat(endpoint.mostBusy()).isBetween(1, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429, 408})
    void whatMayPassIsTriedAgain(int status) throws IOException {
        try (Endpoint endpoint = new Endpoint(
                number -> number < 2 ? Reply.of(status) : Reply.ok("{\"reward\": 1, \"correct\": true}"))) {
            EndpointTask task = task(endpoint.settings(2, 1));
            assertThat(task.verify(task.problem(new TaskRow("q", "?", null)), "x")
                            .reward())
                    .isEqualTo(1);
            assertThat(endpoint.requests()).hasSize(3);
        }
    }

    @Test
    void anUnreachableEndpointGivesNoReward() throws IOException {
        EndpointSettings gone;
        try (Endpoint endpoint = new Endpoint(number -> Reply.of(503))) {
            gone = endpoint.settings(1, 4);
            assertUnavailable(gone, "status 503: busy (tried 2 times)", true);
        }
        assertUnavailable(gone, "cannot be reached", true);
    }

    @Test
    void lateAnswersTimeOut() throws IOException {
        try (Endpoint endpoint =
                new Endpoint(number -> Reply.ok("{\"reward\": 1}").after(Duration.ofSeconds(20)))) {
            EndpointSettings slow =
                    new EndpointSettings(Service.REWARD, endpoint.settings(0, 1).url(), 1, 0, 1, Duration.ZERO);
            assertUnavailable(slow, "no answer in 1 s", true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 400, 401, 404, 422})
    void aRefusalIsNotTriedAgain(int status) throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> new Reply(status, "", Duration.ZERO, StandardCharsets.UTF_8))) {
            assertUnavailable(endpoint.settings(3, 1), "answered with status " + status, false);
            assertThat(endpoint.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ok",
                "1",
                "[1]",
                "{}",
                "{\"reward\": null}",
                "{\"reward\": \"1\"}",
                "{\"reward\": NaN}",
                "{\"reward\": 1e999}",
                "{\"reward\": 1, \"parts\": {\"style\": -1e999}}",
                "{\"reward\": 1} trailing",
                "{\"reward\": 1, \"correct\": 1}",
                "{\"reward\": 1, \"parts\": {\"a\": \"b\"}}"
            })
    void whatIsNoVerdictIsNoReward(String body) throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok(body))) {
            assertUnavailable(endpoint.settings(3, 1), "answered to problem q with", false);
            assertThat(endpoint.requests()).hasSize(1);
        }
    }

    @Test
    void aTokenThatCannotBeSentIsNeverShown() {
        assertThat(EndpointClient.token("UPBEAT_REWARD_TOKEN", "secret\r\n")).isEqualTo("secret");
        assertThat(EndpointClient.token("UPBEAT_REWARD_TOKEN", " ")).isNull();
        assertThatThrownBy(() -> EndpointClient.token("UPBEAT_REWARD_TOKEN", "sec\rret"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("UPBEAT_REWARD_TOKEN")
                .hasMessageNotContaining("sec\rret");
    }

    @Test
    void controlCharactersOfAnEndpointDoNotReachTheTerminal() {
        assertThat(EndpointClient.shown("\u001b[2Jgone\u0007")).isEqualTo("\\u001b[2Jgone\\u0007");
    }

    @Test
    void anEndlessAnswerIsGivenUp() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok("{\"reason\": \"" + "x".repeat(3 << 20)))) {
            assertUnavailable(endpoint.settings(3, 1), "more than 1 MiB", false);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "localhost:80", "ftp://a/b", "http:///x", "http://user:pass@a/b", "http://a b"})
    void whatIsNoAddressIsRefused(String url) {
        assertThatThrownBy(() -> EndpointSettings.of(Service.REWARD, url, 1, 1, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("http://localhost:8000/reward");
    }

    private static void assertUnavailable(EndpointSettings settings, String message, boolean mayPass) {
        EndpointTask task = task(settings);
        Problem problem = task.problem(new TaskRow("q", "?", null));
        UnavailableException failure =
                catchThrowableOfType(UnavailableException.class, () -> task.verifyAll(List.of(problem), List.of("x")));
        assertThat(failure)
                .isNotNull()
                .hasMessageContaining(message)
                .hasMessageContaining(settings.url().toString());
        assertThat(failure.mayPass()).isEqualTo(mayPass);
    }
}
