package dev.upbeat.app.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights that a request can name: the current ones, checkpoints inside --weights-root, and those of the runs. */
final class NamedWeights {
    /** The name of the current weights. */
    static final String CURRENT = "current";

    /** Begins the name of a run's checkpoint: run:NAME/checkpoint-N. */
    private static final String RUN = "run:";

    private final ModelHost host;
    private final @Nullable WeightsLoader inRoot;
    private final @Nullable WeightsLoader inRuns;

    /**
     * @param inRoot null without --weights-root
     * @param inRuns null without --runs
     */
    NamedWeights(ModelHost host, @Nullable WeightsLoader inRoot, @Nullable WeightsLoader inRuns) {
        this.host = host;
        this.inRoot = inRoot;
        this.inRuns = inRuns;
    }

    /** The names that can be chosen. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>(List.of(CURRENT));
        if (inRoot != null) {
            names.addAll(inRoot.names());
        }
        if (inRuns != null) {
            inRuns.names().stream().map(name -> RUN + name).forEach(names::add);
        }
        return names;
    }

    /**
     * Opens weights, held by the caller.
     *
     * @throws dev.upbeat.io.BadInputException if there are none of this name, or they do not fit the served model
     * @throws Refusal 403 if the name leads outside its root, or the service has no such root
     */
    ServedModel hold(String name) throws IOException {
        if (name.equals(CURRENT)) {
            return host.hold();
        }
        boolean ofRun = name.startsWith(RUN);
        WeightsLoader loader = ofRun ? inRuns : inRoot;
        if (loader == null) {
            throw new Refusal(
                    403,
                    "weights cannot be loaded; start the service with " + (ofRun ? "--runs" : "--weights-root")
                            + " DIR");
        }
        return loader.open(ofRun ? name.substring(RUN.length()) : name, 0);
    }
}
