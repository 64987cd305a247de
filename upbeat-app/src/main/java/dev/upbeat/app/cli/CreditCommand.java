package dev.upbeat.app.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.app.credit.RowCredit;
import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.credit.Strategy;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.SeriesFile;
import dev.upbeat.store.SeriesRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat credit}: weights of the tokens of measured traces. Needs no model. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "credit",
        description = {
            "Prints the credit of measured traces: a weight for each token.",
            "Prints one JSON line {id, gamma} per trace: gamma multiplies the advantage of each response token. "
                    + "Rows of the same step form one batch; without a step column, all rows do.",
            "Strategies: uniform, constant, random, high-entropy, local-chunk, global-anchor, coupled-rhythm,"
                    + " entropy-selection, prob-reweight, lopti and reweight-lopti (print {id, gamma, phases}), gradient,"
                    + " path-aggregation, token-correlation, thinkprm, flowtracer, attnrl, column, class. (capo and asyppo only train.)"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat demo --steps 5 --out runs/demo",
            "  upbeat credit --strategy coupled-rhythm --traces runs/demo",
            "  upbeat credit --strategy global-anchor --share 0.2 --traces runs/demo/traces/step-000001.parquet > gamma.jsonl"
        })
final class CreditCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--strategy", paramLabel = "NAME", required = true, description = "One of the names above.")
    private String strategy = "";

    @Option(
            names = "--traces",
            paramLabel = "FILE|RUN",
            required = true,
            description =
                    "A run directory, or measured traces as JSONL or Parquet: {id, waad, fai, entropy_nats, ...}, with one number "
                            + "per response token; only the series that the strategy reads are needed.")
    private Path traces = Path.of("");

    @Mixin
    private CreditFlags flags = new CreditFlags();

    @Option(names = "--seed", paramLabel = "N", description = "random, class: seed of all random numbers (default: 0).")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException {
        CreditOptions options = flags.options(strategy);
        refuseUnread(options);
        Strategy known = Strategy.of(strategy);
        if (known == Strategy.CAPO || known == Strategy.ASYPPO) {
            String needed =
                    known == Strategy.CAPO ? "groups of scored responses" : "critics that learn from the rewards";
            throw new BadInputException(
                    "strategy " + strategy + " needs " + needed + ", which only a training has; give"
                            + " another strategy, or train with credit.strategy=" + strategy + " (upbeat train)");
        }
        Credit credit = options.credit();
        String purpose = "strategy " + strategy + flags.advantageOption();
        List<SeriesRow> rows = SeriesFile.read(traces, credit.needs(), purpose);
        print(RowCredit.of(credit, rows, seed == null ? 0 : seed));
        return ExitCode.DONE;
    }

    private void refuseUnread(CreditOptions options) {
        options.unread().stream().findFirst().ifPresent(this::refuse);
        if (seed != null && !Strategy.of(strategy).reads("seed")) {
            refuse("seed");
        }
    }

    private void refuse(String key) {
        throw new BadInputException("strategy " + strategy + " does not read --" + key.replace('_', '-')
                + "; leave it out, or choose another strategy");
    }

    private void print(List<RowCredit> rows) throws IOException {
        PrintWriter out = common.out();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(null);
            for (RowCredit row : rows) {
                json.writeStartObject();
                json.writeStringField("id", row.id());
                json.writeFieldName("gamma");
                write(json, row.gamma());
                if (row.updates().length > 1) {
                    json.writeArrayFieldStart("phases");
                    for (float[] update : row.updates()) {
                        write(json, update);
                    }
                    json.writeEndArray();
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }

    private static void write(JsonGenerator json, float[] values) throws IOException {
        json.writeStartArray();
        for (float value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
