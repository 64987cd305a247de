package dev.upbeat.app.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the live page: the modules and styles of the report, and the modules in {@code live/} that add what a server
 * can do. The modules import each other as {@code upbeat/name.js}; served, these names are paths under {@link #PATH}.
 */
public final class LivePage {
    /** Path of the files. */
    public static final String PATH = "/page/";

    /** Nothing but files of this server; styles that scripts set on elements need no permission. */
    public static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Pattern MODULE = Pattern.compile("(live/)?[a-z]+\\.js");
    private static final List<String> STYLES = List.of("live.css", "ask.css", "compare.css");
    private static final String STYLE = "style.css";
    private static final String UPLOT = "uplot.js";

    private LivePage() {}

    /**
     * A file to serve.
     *
     * @param type its media type
     */
    public record PageFile(String type, String text) {
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The document. */
    public static PageFile document() {
        return new PageFile("text/html; charset=utf-8", Resources.text(LivePage.class, "live/page.html"));
    }

    /**
     * A file that the document loads.
     *
     * @param name after {@link #PATH}
     * @return null if there is none
     */
    public static @Nullable PageFile file(String name) {
        if (name.equals(STYLE)) {
            return new PageFile("text/css; charset=utf-8", style());
        }
        if (name.equals(UPLOT)) {
            return module(PageTemplate.uplot());
        }
        if (!MODULE.matcher(name).matches()) {
            return null;
        }
        String resource = name.startsWith("live/") ? name : "web/" + name;
        return LivePage.class.getResource(resource) == null ? null : module(Resources.text(LivePage.class, resource));
    }

    private static String style() {
        return Stream.concat(
                        Stream.of(PageTemplate.styles()),
                        STYLES.stream().map(name -> Resources.text(LivePage.class, "live/" + name)))
                .collect(Collectors.joining("\n"));
    }

    private static PageFile module(String source) {
        String resolved =
                source.replace("from 'upbeat/", "from '" + PATH).replace("from 'uplot'", "from '" + PATH + UPLOT + "'");
        return new PageFile("text/javascript; charset=utf-8", resolved);
    }
}
