package dev.upbeat.bench;

/** An answer near the right one, and wrong. */
final class VerifierChanged {
    private VerifierChanged() {}

    /** The last digit that isn't part of an index or a LaTeX length is another; without a digit, a term is added. */
    static String of(String gold) {
        for (int i = gold.length() - 1; i >= 0; i--) {
            char c = gold.charAt(i);
            boolean named = i > 0 && gold.charAt(i - 1) == '_';
            if (c >= '0' && c <= '9' && !named) {
                char other = c == '9' ? '8' : (char) (c + 1);
                return gold.substring(0, i) + other + gold.substring(i + 1);
            }
        }
        return gold.matches("(?s).*[A-Za-z]{2,}.*") && !gold.contains("\\") ? "not " + gold : gold + "+1";
    }
}
