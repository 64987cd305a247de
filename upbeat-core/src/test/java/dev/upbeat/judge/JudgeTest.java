package dev.upbeat.judge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint;
import dev.upbeat.task.endpoint.Endpoint;
import dev.upbeat.task.endpoint.Endpoint.Reply;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.Service;
import dev.upbeat.task.endpoint.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge against endpoints that answer well, late, malformed or not at all. */
class JudgeTest {
    private static final Reply NONE = answer("Wrong steps: none");
    private static final Reply SECOND = answer("Wrong steps: 2");
    private static final Reply MALFORMED = answer("I would rather not say.");

    @TempDir
    private Path directory;

    static Reply answer(String text) {
        return Reply.ok("{\"choices\": [{\"message\": {\"content\": \"" + text + "\"}, \"finish_reason\": \"stop\"}]}");
    }

    private static Judge.Response response(String... sentences) {
        return new Judge.Response(
                new Problem("p", null, "Why?", "so"), ResponseSteps.of(List.of(String.join(" ", sentences))));
    }

    private List<float @Nullable []> judge(Endpoint endpoint, int critiques, int attempts, Judge.Response... responses)
            throws IOException {
        EndpointSettings usual = EndpointSettings.of(Service.JUDGE, endpoint.url(), 1, 0, 1);
        EndpointSettings settings = new EndpointSettings(Service.JUDGE, usual.url(), 1, 0, 1, Duration.ofMillis(1));
        ChatEndpoint chat = new ChatEndpoint(settings, new ChatEndpoint.Sampling("m", 0.7, 99, false));
        try (JudgementFile known = new JudgementFile(directory.resolve("judgements.jsonl"))) {
            return new Judge(settings, chat, new Critiques(critiques), attempts, known).judge(List.of(responses));
        }
    }

    @Test
    void everyCritiqueIsARequestOfItsOwn() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number == 1 ? NONE : SECOND)) {
            List<float @Nullable []> values = judge(endpoint, 4, 1, response("One.", "Two."));
            assertThat(values).singleElement().isEqualTo(new float[] {0, 0.75f});
            assertThat(endpoint.requests()).hasSize(4);
            Set<Integer> seeds = new TreeSet<>();
            for (String request : endpoint.requests()) {
                JsonNode body = new ObjectMapper().readTree(request);
                assertThat(body.get("model").textValue()).isEqualTo("m");
                assertThat(body.get("max_tokens").intValue()).isEqualTo(99);
                assertThat(body.get("messages").get(0).get("content").textValue())
                        .contains("Step 2: Two.");
                seeds.add(body.get("seed").intValue());
            }
            assertThat(seeds).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void nothingIsAskedTwice() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number == 0 ? SECOND : NONE)) {
            List<float @Nullable []> first = judge(endpoint, 1, 1, response("One.", "Two."), response("Other."));
            List<float @Nullable []> again = judge(endpoint, 1, 1, response("One.", "Two."), response("Other."));
            assertThat(first.get(0)).containsExactly(0, 1);
            assertThat(again).usingRecursiveComparison().isEqualTo(first);
            assertThat(endpoint.requests()).hasSize(2);
        }
    }

    @Test
    void aMalformedAnswerIsAskedForAgainWithAnotherSeed() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number < 2 ? MALFORMED : SECOND)) {
            assertThat(judge(endpoint, 1, 3, response("One.", "Two.")).get(0)).containsExactly(0, 1);
            assertThat(Set.copyOf(endpoint.requests())).hasSize(3);
        }
    }

    @Test
    void aResponseWithoutAUsableAnswerStaysUnjudged() throws IOException {
        try (Endpoint endpoint = new Endpoint((number, body) -> body.contains("Odd") ? MALFORMED : NONE)) {
            for (int run = 0; run < 2; run++) {
                List<float @Nullable []> values = judge(endpoint, 2, 2, response("Odd."), response("One."));
                assertThat(values.get(0)).isNull();
                assertThat(values.get(1)).containsExactly(0);
            }
            assertThat(endpoint.requests())
                    .as("2 critiques in 2 attempts, and 2")
                    .hasSize(6);
        }
    }

    @Test
    void aJudgeWithoutAnyUsableAnswerIsUnavailableAndAskedAgain() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number < 2 ? MALFORMED : NONE)) {
            assertThatThrownBy(() -> judge(endpoint, 1, 2, response("One.")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContainingAll(
                            "judge http", "no usable judgement", "last answer is \"I would rather not say.\"");
            assertThat(judge(endpoint, 1, 2, response("One.")).get(0)).containsExactly(0);
        }
    }

    @Test
    void anAnswerThatWasCutOffIsMalformed() throws IOException {
        Reply cut = Reply.ok(
                "{\"choices\": [{\"message\": {\"content\": \"Wrong steps: none\"}, \"finish_reason\": \"length\"}]}");
        Reply empty = Reply.ok("{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"length\"}]}");
        try (Endpoint endpoint = new Endpoint(number -> number == 0 ? cut : number == 1 ? empty : NONE)) {
            assertThat(judge(endpoint, 1, 3, response("One.")).get(0)).containsExactly(0);
            assertThat(endpoint.requests()).hasSize(3);
        }
    }

    @Test
    void outagesAreNoJudgements() throws IOException {
        assertUnavailable(number -> Reply.of(500), true, "status 500");
        assertUnavailable(number -> NONE.after(Duration.ofSeconds(3)), true, "no answer in 1 s");
        assertUnavailable(number -> Reply.of(401), false, "status 401", "Set UPBEAT_JUDGE_KEY");
        assertUnavailable(number -> Reply.of(307), false, "status 307", "redirects to http://elsewhere/", "Give the");
        assertUnavailable(
                number -> NONE.in(StandardCharsets.UTF_16LE), false, "answered with", "expected a chat completion");
        assertUnavailable(number -> Reply.ok("x".repeat(3 << 20)), false, "more than 1 MiB", "expected one answer");
        assertUnavailable(number -> Reply.ok("<html>"), false, "<html>", "expected a chat completion");
        assertUnavailable(number -> Reply.ok("{\"choices\": []}"), false, "expected a chat completion");
        assertUnavailable(number -> Reply.ok(""), false, "answered with nothing");
    }

    private void assertUnavailable(Function<Integer, Reply> reply, boolean mayPass, String... parts)
            throws IOException {
        try (Endpoint endpoint = new Endpoint(reply)) {
            UnavailableException failure =
                    catchThrowableOfType(UnavailableException.class, () -> judge(endpoint, 1, 3, response("One.")));
            assertThat(requireNonNull(failure)).hasMessageContainingAll(parts);
            assertThat(failure.mayPass()).isEqualTo(mayPass);
            assertThat(directory.resolve("judgements.jsonl")).isEmptyFile();
        }
    }

    @Test
    void judgementsBeforeAnOutageAreKept() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number == 1 ? Reply.of(503) : NONE)) {
            assertThatThrownBy(() -> judge(endpoint, 1, 1, response("One."), response("Two.")))
                    .isInstanceOf(UnavailableException.class);
            assertThat(judge(endpoint, 1, 1, response("One."), response("Two.")))
                    .hasSize(2);
            assertThat(endpoint.requests()).as("One once, Two twice").hasSize(3);
        }
    }

    @Test
    void aLongAnswerWithLogProbsIsRead() throws IOException {
        String token = "{\"token\": \"%s\", \"logprob\": %s}";
        String filler = token.formatted("a", "-0.5") + ", ";
        String body =
                "{\"choices\": [{\"message\": {\"content\": \"%s\\\\boxed{correct}\"}, \"logprobs\": {\"content\": [%s]}}]}"
                        .formatted(
                                "a".repeat(60_000),
                                filler.repeat(60_000) + token.formatted("\\\\boxed{", "-0.5") + ", "
                                        + token.formatted("correct", "-0.5") + ", " + token.formatted("}", "-0.5"));
        assertThat(body.length()).isGreaterThan(1 << 20);
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok(body))) {
            assertThat(verify(endpoint, response("One."))).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "800", "\"-0.1\"", "null", "1e999"})
    void logProbsThatAreNoneLeaveTheLabel(String logProb) throws IOException {
        String body = """
                {"choices": [{"message": {"content": "\\\\boxed{correct}"}, "logprobs": {"content": [
                 {"token": "\\\\boxed{", "logprob": 0},
                 {"token": "correct", "logprob": %s, "top_logprobs": [{"token": "incorrect", "logprob": -1}]},
                 {"token": "}", "logprob": -Infinity}]}}]}""".formatted(logProb);
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok(body))) {
            assertThat(verify(endpoint, response("One."))).containsExactly(1);
        }
    }

    private float @Nullable [] verify(Endpoint endpoint, Judge.Response response) throws IOException {
        EndpointSettings settings = EndpointSettings.of(Service.JUDGE, endpoint.url(), 10, 0, 1);
        ChatEndpoint chat = new ChatEndpoint(settings, new ChatEndpoint.Sampling("m", 0.7, 60_100, true));
        try (JudgementFile known = new JudgementFile(directory.resolve("judgements.jsonl"))) {
            return new Judge(settings, chat, new Verification(), 1, known)
                    .judge(List.of(response))
                    .get(0);
        }
    }

    @Test
    void theQueryOfTheAddressStaysBehindThePath() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> NONE)) {
            EndpointSettings settings =
                    EndpointSettings.of(Service.JUDGE, endpoint.url() + "/v1/?api-version=1", 10, 0, 1);
            ChatEndpoint chat = new ChatEndpoint(settings, new ChatEndpoint.Sampling("m", 0.7, 9, false));
            chat.ask(chat.request("?", 0));
            assertThat(endpoint.addresses()).containsExactly("/reward/v1/chat/completions?api-version=1");
        }
    }

    @Test
    void aResponseWithoutStepsIsNotAskedAbout() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> NONE)) {
            assertThat(judge(endpoint, 4, 1, response("")).get(0)).isEmpty();
            assertThat(endpoint.requests()).isEmpty();
        }
    }

    /** After one request has failed, the threads of the others are interrupted. */
    @Test
    void anInterruptedThreadStillWritesItsJudgement() throws IOException {
        Path file = directory.resolve("judgements.jsonl");
        try (JudgementFile known = new JudgementFile(file)) {
            Thread.currentThread().interrupt();
            known.add("a", new double[] {1});
            assertThat(Thread.interrupted()).isTrue();
            known.add("b", new double[] {0});
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void anIncompleteLastLineIsDropped() throws IOException {
        Path file = directory.resolve("judgements.jsonl");
        Files.writeString(file, "{\"request\":\"a\",\"steps\":[1.0]}\n{\"request\":\"b\",\"st");
        try (JudgementFile known = new JudgementFile(file)) {
            known.add("c", null);
        }
        assertThat(Files.readAllLines(file)).hasSize(2).first().asString().contains("\"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"request\":\"a\"}",
                "{\"request\":\"a\",\"steps\":[null]}",
                "{\"request\":\"a\",\"steps\":[\"NaN\"]}",
                "{\"request\":\"a\",\"steps\":[1e999]}",
                "{\"request\":\"a\",\"steps\":[-1]}",
                "[]",
                "",
                "\0\0\0\0"
            })
    void aDamagedLineIsRefused(String line) throws IOException {
        Path file = directory.resolve("judgements.jsonl");
        Files.writeString(file, line + "\n");
        assertThatThrownBy(() -> new JudgementFile(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("judgements.jsonl, line 1", "numbers from 0 to 1", "Delete the line");
    }

    @Test
    void aJudgementOfAnotherNumberOfStepsIsRefused() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> NONE)) {
            judge(endpoint, 1, 1, response("One."));
            Path file = directory.resolve("judgements.jsonl");
            Files.writeString(file, Files.readString(file).replace("[0.0]", "[0.0,1.0]"));
            assertThatThrownBy(() -> judge(endpoint, 1, 1, response("One.")))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("has 2 steps; expected 1", "Delete the line");
        }
    }
}
