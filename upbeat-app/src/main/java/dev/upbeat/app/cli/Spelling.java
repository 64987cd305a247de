package dev.upbeat.app.cli;

import dev.upbeat.app.query.QueryFormat;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.study.perturbation.Criterion;
import dev.upbeat.study.perturbation.Words;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.GroupWeight;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the constants of an enum to and from words of the command line: lower case with hyphens, but criteria as JSON names
 * them, such as {@code high_fai}. Upper case and the other of hyphen and underscore are accepted too.
 */
final class Spelling<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    private Spelling(Class<E> type) {
        this.type = type;
    }

    /** Registers the converter for every enum option of every command. */
    static CommandLine register(CommandLine line) {
        register(line, Words.class);
        register(line, RhythmFlags.Preset.class);
        register(line, RhythmFlags.Switch.class);
        register(line, RhythmOptions.Alignment.class);
        register(line, GroupWeight.class);
        register(line, AttentionWeights.class);
        register(line, StepInfluence.Keys.class);
        register(line, WeightFlags.DtypeChoice.class);
        register(line, QueryFormat.class);
        register(line, StudyLinkageCommand.By.class);
        register(line, Criterion.class);
        return line;
    }

    private static <E extends Enum<E>> void register(CommandLine line, Class<E> type) {
        line.registerConverter(type, new Spelling<>(type));
    }

    static String of(Enum<?> choice) {
        String word = choice.name().toLowerCase(Locale.ROOT);
        return choice instanceof Criterion ? word : word.replace('_', '-');
    }

    @Override
    public E convert(String value) {
        List<E> choices = Arrays.asList(type.getEnumConstants());
        return choices.stream()
                .filter(choice -> choice.name().equalsIgnoreCase(value.replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected "
                        + choices.stream().map(Spelling::of).collect(Collectors.joining(" or ")) + ", given '" + value
                        + "'"));
    }
}
