package dev.upbeat.task.math;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/** Translates mathematical characters of Unicode to LaTeX: {@code 10⁻³} is {@code 10^{-3}}, {@code ⅓} is {@code \frac{1}{3}}. */
final class UnicodeMath {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ";
    private static final String SUPERSCRIPTS_PLAIN = "0123456789+-=()ni";
    private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙₘₖₐₓᵢⱼ";
    private static final String SUBSCRIPTS_PLAIN = "0123456789+-=()nmkaxij";
    private static final char FRACTION_SLASH = '⁄';

    /** First half of every character of the block "Mathematical Alphanumeric Symbols". */
    private static final char MATH_ALPHABETS = '\ud835';

    /** Lines and dots above the digit before them: repeating decimals. */
    private static final Map<Character, String> COMBINING =
            Map.of('\u0305', "\\overline", '\u0304', "\\overline", '\u0307', "\\dot");

    private static final Map<Character, String> LATEX = latex();

    private UnicodeMath() {}

    private static Map<Character, String> latex() {
        Map<Character, String> latex = new HashMap<>();
        String fractions = "½12⅓13⅔23¼14¾34⅕15⅖25⅗35⅘45⅙16⅚56⅐17⅛18⅜38⅝58⅞78⅑19↉03";
        for (int i = 0; i < fractions.length(); i += 3) {
            latex.put(fractions.charAt(i), "\\frac{" + fractions.charAt(i + 1) + "}{" + fractions.charAt(i + 2) + "}");
        }
        latex.put('⅒', "\\frac{1}{10}");
        String commands =
                "×times ·cdot ⋅cdot ∙cdot ∞infty ∪cup ∩cap ∈in ∉notin ∅emptyset ≤le ⩽le ≥ge ⩾ge ≠ne ≈approx ≡equiv"
                        + " ±pm ∓mp …ldots ⋯cdots ⌊lfloor ⌋rfloor ⌈lceil ⌉rceil π_pi θ_theta α_alpha β_beta γ_gamma δ_delta"
                        + " ε_epsilon ζ_zeta η_eta κ_kappa λ_lambda μ_mu µ_mu ν_nu ξ_xi ρ_rho σ_sigma τ_tau φ_phi ϕ_phi χ_chi ψ_psi"
                        + " ω_omega Γ_Gamma Δ_Delta Θ_Theta Λ_Lambda Σ_Sigma Φ_Phi Ψ_Psi Ω_Omega";
        for (String entry : commands.split(" ")) {
            latex.put(entry.charAt(0), "\\" + entry.substring(1).replace("_", "") + " ");
        }
        latex.put('°', "^\\circ ");
        latex.put('ℝ', "\\mathbb{R}");
        latex.put('ℤ', "\\mathbb{Z}");
        latex.put('∛', "\\sqrt[3] ");
        latex.put('∜', "\\sqrt[4] ");
        String plain = "−-–-‐-‑-÷/∕/⁄/∗*′'’'，,；;：:∶:。.（(）)％%⟨(⟩)\u00a0 \u2009 \u202f \u2002 \u2003 \u200a \t ";
        for (int i = 0; i < plain.length(); i += 2) {
            latex.put(plain.charAt(i), plain.substring(i + 1, i + 2));
        }
        for (char c = '０'; c <= '９'; c++) {
            latex.put(c, String.valueOf((char) (c - '０' + '0')));
        }
        for (char c : "＋－＝／＜＞［］｛｝＾".toCharArray()) {
            latex.put(c, String.valueOf((char) (c - 0xFEE0)));
        }
        latex.put('\u200b', "");
        latex.put('\u2060', "");
        return Map.copyOf(latex);
    }

    static String toLatex(String given) {
        String text = given;
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        if (text.indexOf(MATH_ALPHABETS) >= 0) {
            text = withoutStyles(text);
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else if (SUPERSCRIPTS.indexOf(c) >= 0) {
                i = raised(text, i, out);
            } else if (SUBSCRIPTS.indexOf(c) >= 0) {
                int end = run(text, i, SUBSCRIPTS);
                out.append("_{")
                        .append(plain(text, i, end, SUBSCRIPTS, SUBSCRIPTS_PLAIN))
                        .append('}');
                i = end - 1;
            } else if (c == '√') {
                i = root(text, i, out);
            } else if (COMBINING.containsKey(c) && i > 0 && LatexText.isDigit(text.charAt(i - 1))) {
                out.insert(out.length() - 1, COMBINING.get(c) + "{").append('}');
            } else {
                String latex = LATEX.get(c);
                out.append(latex != null ? latex : Character.isISOControl(c) ? " " : String.valueOf(c));
            }
        }
        return out.toString();
    }

    /** Replaces bold, italic and other styled letters and digits by plain ones. */
    private static String withoutStyles(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean styled = c >= 0x1D400 && c <= 0x1D7FF;
            out.append(
                    styled ? Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC) : Character.toString(c));
        });
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= ' ' && c < 127) || c == '\n' || c == '\r';
    }

    /** A run of superscripts is one exponent, or the numerator of a fraction. */
    private static int raised(String text, int start, StringBuilder out) {
        int end = run(text, start, SUPERSCRIPTS);
        String plain = plain(text, start, end, SUPERSCRIPTS, SUPERSCRIPTS_PLAIN);
        if (end < text.length() && text.charAt(end) == FRACTION_SLASH) {
            int below = run(text, end + 1, SUBSCRIPTS);
            if (below > end + 1) {
                out.append("\\frac{").append(plain).append("}{");
                out.append(plain(text, end + 1, below, SUBSCRIPTS, SUBSCRIPTS_PLAIN))
                        .append('}');
                return below - 1;
            }
        }
        out.append("^{").append(plain).append('}');
        return end - 1;
    }

    /** {@code √12} is the root of the whole number. */
    private static int root(String text, int at, StringBuilder out) {
        int start = at + 1;
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        int end = start;
        while (end < text.length() && LatexText.isDigit(text.charAt(end))) {
            end++;
        }
        if (end == start) {
            out.append("\\sqrt ");
            return at;
        }
        out.append("\\sqrt{").append(text, start, end).append('}');
        return end - 1;
    }

    private static int run(String text, int start, String among) {
        int end = start;
        while (end < text.length() && among.indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private static String plain(String text, int start, int end, String among, String plain) {
        StringBuilder out = new StringBuilder();
        for (int i = start; i < end; i++) {
            out.append(plain.charAt(among.indexOf(text.charAt(i))));
        }
        return out.toString();
    }
}
