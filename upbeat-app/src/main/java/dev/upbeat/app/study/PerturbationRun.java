package dev.upbeat.app.study;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.AnalysisListener;
import dev.upbeat.io.BadInputException;
import dev.upbeat.study.perturbation.FinalAnswers;
import dev.upbeat.study.perturbation.PerturbationExperiment;
import dev.upbeat.study.perturbation.PerturbationSettings;
import dev.upbeat.study.perturbation.PerturbedProblem;
import dev.upbeat.study.perturbation.Perturber;
import dev.upbeat.study.perturbation.SharedPrefixSpeed;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Perturbs the responses of a run, one after the other. */
public final class PerturbationRun {
    /** Number of resamples for each interval, and of sign flips for each p-value. */
    public static final int RESAMPLES = 10_000;

    private final Upbeat model;
    private final PerturbationSettings settings;
    private final @Nullable FinalAnswers answers;
    private final AnalysisListener listener;

    /** @param answers compares final answers; null to compare none */
    public PerturbationRun(
            Upbeat model, PerturbationSettings settings, @Nullable FinalAnswers answers, AnalysisListener listener) {
        this.model = model;
        this.settings = settings;
        this.answers = answers;
        this.listener = listener;
    }

    /**
     * @param run of greedy responses
     * @param timeAlone approximate number of continuations to generate one by one as well, for timing; 0 for none
     * @throws BadInputException if no response is long enough
     */
    public PerturbationExperiment run(StudyDirectory.Run run, int timeAlone, String command, StudyDirectory directory) {
        List<Trace> traces = run.traces().traces();
        Perturber perturber = new Perturber(model.decoder(), model.tokenizer()::tokenTexts, settings, answers);
        List<PerturbedProblem> problems = new ArrayList<>();
        List<String> tooShort = new ArrayList<>();
        listener.began("perturbing", traces.size());
        for (int i = 0; i < traces.size(); i++) {
            Trace trace = traces.get(i);
            perturber
                    .perturb(i, trace, run.traces().seen().observations().get(i), (prompt, id) -> {})
                    .ifPresentOrElse(problems::add, () -> tooShort.add(trace.id()));
            listener.advanced(1);
        }
        if (problems.isEmpty()) {
            throw new BadInputException("no response has the " + 2 * settings.positions() + " tokens before its last "
                    + settings.tail() + " that high and low positions need; give prompts with longer answers, or fewer"
                    + " --positions");
        }
        SharedPrefixSpeed speed = timeAlone == 0
                ? null
                : SharedPrefixSpeed.measure(
                        perturber, model.decoder(), traces.get(problems.get(0).trace()), timeAlone, settings);
        return PerturbationExperiment.of(
                problems, tooShort, settings, answers != null, speed, command, directory.runs());
    }
}
