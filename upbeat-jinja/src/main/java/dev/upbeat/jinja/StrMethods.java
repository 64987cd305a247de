package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of str. */
final class StrMethods {
    private interface Method {
        Object call(String self, Arguments arguments, Render render);
    }

    private static final Map<String, Method> BY_NAME = new HashMap<>();

    static {
        BY_NAME.put("strip", (s, a, r) -> strip(s, a, true, true));
        BY_NAME.put("lstrip", (s, a, r) -> strip(s, a, true, false));
        BY_NAME.put("rstrip", (s, a, r) -> strip(s, a, false, true));
        BY_NAME.put("startswith", (s, a, r) -> anyOf(s, a, "startswith", String::startsWith, r));
        BY_NAME.put("endswith", (s, a, r) -> anyOf(s, a, "endswith", String::endsWith, r));
        BY_NAME.put("split", (s, a, r) -> split(s, a, "split", r));
        BY_NAME.put("rsplit", (s, a, r) -> split(s, a, "rsplit", r));
        BY_NAME.put("splitlines", StrMethods::splitLines);
        BY_NAME.put("partition", (s, a, r) -> partition(s, a, false));
        BY_NAME.put("rpartition", (s, a, r) -> partition(s, a, true));
        BY_NAME.put("replace", StrMethods::replace);
        BY_NAME.put("join", StrMethods::join);
        BY_NAME.put("format", (s, a, r) -> BraceFormat.format(s, a, r));
        BY_NAME.put("find", (s, a, r) -> find(s, a, "find", false));
        BY_NAME.put("rfind", (s, a, r) -> find(s, a, "rfind", true));
        BY_NAME.put("index", (s, a, r) -> found(find(s, a, "index", false)));
        BY_NAME.put("rindex", (s, a, r) -> found(find(s, a, "rindex", true)));
        BY_NAME.put("count", StrMethods::count);
        BY_NAME.put("removeprefix", (s, a, r) -> {
            String prefix = a.bind("removeprefix", 1, "prefix").string("prefix");
            return s.startsWith(prefix) ? s.substring(prefix.length()) : s;
        });
        BY_NAME.put("removesuffix", (s, a, r) -> {
            String suffix = a.bind("removesuffix", 1, "suffix").string("suffix");
            return s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
        });
        cased("upper", Case::upper);
        cased("lower", Case::lower);
        cased("casefold", s -> Case.lower(Case.upper(s)));
        cased("capitalize", Case::capitalize);
        cased("title", Case::title);
        cased("swapcase", Case::swapCase);
        BY_NAME.put("center", (s, a, r) -> padded(s, a, "center", r));
        BY_NAME.put("ljust", (s, a, r) -> padded(s, a, "ljust", r));
        BY_NAME.put("rjust", (s, a, r) -> padded(s, a, "rjust", r));
        BY_NAME.put("zfill", StrMethods::zeroFilled);
        all("isdigit", c -> Character.digit(c, 10) >= 0 || Character.getType(c) == Character.OTHER_NUMBER);
        all("isdecimal", Character::isDigit);
        all("isnumeric", c -> Character.isDigit(c) || isNumber(c));
        all("isalpha", Character::isLetter);
        all("isalnum", c -> Character.isLetter(c) || Character.isDigit(c) || isNumber(c));
        all("isspace", Strings::isSpace);
        BY_NAME.put("isascii", (s, a, r) -> s.chars().allMatch(c -> c < 128));
        BY_NAME.put("isupper", (s, a, r) -> Case.isUpper(s));
        BY_NAME.put("islower", (s, a, r) -> Case.isLower(s));
        BY_NAME.put("istitle", (s, a, r) -> Case.isTitle(s));
    }

    private StrMethods() {}

    private static void cased(String name, UnaryOperator<String> function) {
        BY_NAME.put(name, (s, a, r) -> {
            a.bind(name, 0);
            return function.apply(s);
        });
    }

    private static void all(String name, IntPredicate test) {
        BY_NAME.put(name, (s, a, r) -> {
            a.bind(name, 0);
            return !s.isEmpty() && s.codePoints().allMatch(test);
        });
    }

    private static boolean isNumber(int c) {
        return Character.getType(c) == Character.OTHER_NUMBER || Character.getType(c) == Character.LETTER_NUMBER;
    }

    /** Null for a name that is not supported. */
    static Values.@Nullable Function of(String self, String name) {
        Method method = BY_NAME.get(name);
        return method == null
                ? null
                : (arguments, render) -> {
                    render.spendOn(self);
                    render.spendOn(arguments);
                    return method.call(self, arguments, render);
                };
    }

    private static Object strip(String self, Arguments arguments, boolean left, boolean right) {
        String name = left && right ? "strip" : left ? "lstrip" : "rstrip";
        return Strings.strip(self, arguments.bind(name, 0, "chars").stringOrNull("chars"), left, right);
    }

    /** @param name a method that takes one affix or a tuple of them, and optionally the range of the text to test */
    private static Object anyOf(
            String self, Arguments arguments, String name, BiPredicate<String, String> test, Render render) {
        Arguments.Bound bound = arguments.bind(name, 1, "affix", "start", "end");
        Object affix = bound.required("affix");
        String text = range(self, bound);
        for (Object a : affix instanceof Tuple tuple ? tuple.items() : List.of(affix)) {
            String part = Values.string(a, "the argument of " + name + "()");
            render.spend(1);
            render.spendOnText(Math.min(text.length(), part.length()));
            if (test.test(text, part)) {
                return true;
            }
        }
        return false;
    }

    /** The text from the argument start to the argument end. */
    private static String range(String self, Arguments.Bound bound) {
        if (bound.get("start") == null && bound.get("end") == null) {
            return self;
        }
        int length = Strings.length(self);
        int start = position(bound, "start", 0, length);
        int end = Math.max(start, position(bound, "end", length, length));
        int from = self.offsetByCodePoints(0, start);
        return self.substring(from, self.offsetByCodePoints(from, end - start));
    }

    private static int position(Arguments.Bound bound, String name, int whenAbsent, int length) {
        if (bound.get(name) == null || bound.get(name) == Values.None.NONE) {
            return whenAbsent;
        }
        long position = bound.integer(name, whenAbsent);
        return (int) Math.max(0, Math.min(length, position < 0 ? position + length : position));
    }

    private static Object split(String self, Arguments arguments, String name, Render render) {
        Arguments.Bound bound = arguments.bind(name, 0, "sep", "maxsplit");
        String separator = bound.stringOrNull("sep");
        long limit = bound.integer("maxsplit", -1);
        boolean fromEnd = name.equals("rsplit") && limit >= 0;
        List<Object> parts;
        if (fromEnd) {
            parts = Strings.splitFromEnd(self, separator, limit);
        } else {
            parts = separator == null ? Strings.splitAtBlanks(self, limit) : Strings.split(self, separator, limit);
        }
        Values.requireLength(parts.size());
        render.spend(parts.size());
        return parts;
    }

    private static Object splitLines(String self, Arguments arguments, Render render) {
        List<Object> lines = Strings.splitLines(
                self, arguments.bind("splitlines", 0, "keepends").flag("keepends", false));
        Values.requireLength(lines.size());
        render.spend(lines.size());
        return lines;
    }

    private static Object partition(String self, Arguments arguments, boolean last) {
        String separator = arguments.bind("partition", 1, "sep").string("sep");
        if (separator.isEmpty()) {
            throw new TemplateError("partition() by an empty string: expected a separator");
        }
        int at = last ? Strings.lastIndex(self, separator) : new Strings.Finder(separator).find(self, 0);
        if (at < 0) {
            return new Tuple(last ? List.of("", "", self) : List.of(self, "", ""));
        }
        return new Tuple(List.of(self.substring(0, at), separator, self.substring(at + separator.length())));
    }

    private static Object replace(String self, Arguments arguments, Render render) {
        Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
        return Strings.replace(self, bound.string("old"), bound.string("new"), bound.integer("count", -1), render);
    }

    private static Object join(String self, Arguments arguments, Render render) {
        BoundedText text = new BoundedText(render);
        String separator = "";
        for (Object item : Values.iterate(arguments.bind("join", 1, "iterable").required("iterable"), render)) {
            text.append(separator).append(Values.string(item, "an item of join()"));
            separator = self;
        }
        return text.toString();
    }

    private static long find(String self, Arguments arguments, String name, boolean last) {
        Arguments.Bound bound = arguments.bind(name, 1, "sub", "start", "end");
        String part = bound.string("sub");
        String text = range(self, bound);
        int index = last ? Strings.lastIndex(text, part) : new Strings.Finder(part).find(text, 0);
        int start = position(bound, "start", 0, Strings.length(self));
        return index < 0 ? -1L : (long) text.codePointCount(0, index) + start;
    }

    private static long found(long index) {
        if (index < 0) {
            throw new TemplateError("the text of index() is not found");
        }
        return index;
    }

    private static Object count(String self, Arguments arguments, Render render) {
        Arguments.Bound bound = arguments.bind("count", 1, "sub", "start", "end");
        return (long) Strings.count(range(self, bound), bound.string("sub"));
    }

    private static Object padded(String self, Arguments arguments, String name, Render render) {
        Arguments.Bound bound = arguments.bind(name, 1, "width", "fillchar");
        String fill = bound.get("fillchar") == null ? " " : bound.string("fillchar");
        if (Strings.length(fill) != 1) {
            throw new TemplateError(
                    "the fill of " + name + "() has " + Strings.length(fill) + " characters: expected 1");
        }
        return Strings.padded(self, bound.integer("width", 0), fill, name, render);
    }

    private static Object zeroFilled(String self, Arguments arguments, Render render) {
        long width = arguments.bind("zfill", 1, "width").integer("width", 0);
        String sign = self.startsWith("-") || self.startsWith("+") ? self.substring(0, 1) : "";
        return new BoundedText(render)
                .append(sign)
                .append("0", width - Strings.length(self))
                .append(self.substring(sign.length()))
                .toString();
    }
}
