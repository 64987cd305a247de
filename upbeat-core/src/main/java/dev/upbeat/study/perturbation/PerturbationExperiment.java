package dev.upbeat.study.perturbation;

import dev.upbeat.store.Provenance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The perturbation study (arXiv 2510.13554 v2, Eq. 11, Table 1, B.10), and the content of its study.json. Beyond the paper:
 * WAAD, entropy, random positions, controls matched on entropy and position, intervals and p-values.
 *
 * @param study perturbation
 * @param command the command line
 * @param runs provenance of the run, by its directory relative to the study's
 * @param answersCompared whether final answers were looked for
 * @param tooShort ids of responses without enough candidates
 * @param speed of continuations that share their prefix; null if it was not measured
 * @param problems at least one
 */
public record PerturbationExperiment(
        String study,
        String command,
        PerturbationSettings settings,
        Map<String, Provenance> runs,
        boolean answersCompared,
        List<String> tooShort,
        List<Comparison> comparisons,
        @Nullable SharedPrefixSpeed speed,
        List<PerturbedProblem> problems) {

    /** Compares the criteria over the problems; the parameters are those of the record. */
    public static PerturbationExperiment of(
            List<PerturbedProblem> problems,
            List<String> tooShort,
            PerturbationSettings settings,
            boolean answersCompared,
            @Nullable SharedPrefixSpeed speed,
            String command,
            Map<String, Provenance> runs) {
        return new PerturbationExperiment(
                "perturbation",
                command,
                settings,
                runs,
                answersCompared,
                tooShort,
                Comparison.all(problems, settings),
                speed,
                problems);
    }
}
