package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.endpoint.Endpoint;
import dev.upbeat.task.endpoint.Endpoint.Reply;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.EndpointTask;
import dev.upbeat.task.endpoint.Service;
import dev.upbeat.task.endpoint.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatientTaskTest {
    private final Warnings warnings = new Warnings();

    private PatientTask patient(Endpoint endpoint, Duration patience) {
        EndpointSettings settings = EndpointSettings.of(Service.REWARD, endpoint.url(), 60, 0, 1);
        return new PatientTask(
                new EndpointTask(settings, new Prompting(null, PromptStyle.BARE)),
                new Patience(patience, Duration.ofMillis(1), warnings));
    }

    @Test
    void anOutageIsWaitedForAndReportedOnce() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> number < 3 ? Reply.of(503) : Reply.ok("{\"reward\": 1}"))) {
            PatientTask task = patient(endpoint, Duration.ofMinutes(1));
            Problem problem = task.problem(new TaskRow("q", "?", null));
            assertThat(task.verify(problem, "x").reward()).isEqualTo(1);
            assertThat(warnings.texts).singleElement().asString().contains("status 503", "waits", "nothing is scored");
        }
    }

    @Test
    void timeBeforeTheOutageDoesNotCountAsWaiting() throws IOException {
        try (Endpoint endpoint = new Endpoint(
                number -> number == 0 ? Reply.of(503).after(Duration.ofMillis(1500)) : Reply.ok("{\"reward\": 1}"))) {
            PatientTask task = patient(endpoint, Duration.ofSeconds(1));
            assertThat(task.verify(task.problem(new TaskRow("q", "?", null)), "x")
                            .reward())
                    .isEqualTo(1);
        }
    }

    @Test
    void aRefusalOrAStopIsNotWaitedFor() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> Reply.of(number == 0 ? 400 : 503))) {
            PatientTask task = patient(endpoint, Duration.ofMinutes(10));
            Problem problem = task.problem(new TaskRow("q", "?", null));
            assertThatThrownBy(() -> task.verify(problem, "x"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("status 400");
            task.patience().stopWhen(() -> true);
            assertThatThrownBy(() -> task.verify(problem, "x")).hasMessageContaining("status 503");
            assertThat(warnings.texts).isEmpty();
        }
    }
}
