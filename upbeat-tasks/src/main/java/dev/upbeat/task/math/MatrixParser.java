package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses {@code \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}}; {@code vmatrix} means the determinant. */
final class MatrixParser {
    private static final Set<String> KINDS =
            Set.of("pmatrix", "bmatrix", "matrix", "Bmatrix", "array", "smallmatrix", "vmatrix");
    private static final int MOST_ENTRIES = 400;

    private final Cursor in;
    private final StatementParser statements;

    MatrixParser(Cursor in, StatementParser statements) {
        this.in = in;
        this.statements = statements;
    }

    Expr read() throws Undecided {
        String kind = in.raw();
        if (!KINDS.contains(kind)) {
            throw new Undecided("\\begin{" + kind + "}");
        }
        if (kind.equals("array") && in.next() == '{') {
            in.raw(); // alignment
        }
        List<List<Expr>> rows = rows();
        if (!in.takeCommand("end") || !in.raw().equals(kind)) {
            throw in.fault();
        }
        int columns = rows.get(0).size();
        if (rows.stream().anyMatch(row -> row.size() != columns)) {
            throw new Undecided("a matrix with rows of unequal length");
        }
        Expr.Matrix matrix = new Expr.Matrix(rows);
        return kind.equals("vmatrix") ? Expr.apply("det", matrix) : matrix;
    }

    private List<List<Expr>> rows() throws Undecided {
        List<List<Expr>> rows = new ArrayList<>();
        int entries = 0;
        boolean more = true;
        while (more) {
            List<Expr> row = new ArrayList<>();
            do {
                row.add(statements.relation());
                if (++entries > MOST_ENTRIES) {
                    throw new Undecided("a matrix of more than " + MOST_ENTRIES + " entries");
                }
            } while (in.take("&"));
            rows.add(row);
            more = false;
            while (in.take("\\\\")) {
                if (in.next() == '[') {
                    in.at = Math.max(in.at, in.text.indexOf(']', in.at) + 1); // space between rows
                }
                more = true;
            }
            more &= !in.command().equals("end");
        }
        return rows;
    }
}
