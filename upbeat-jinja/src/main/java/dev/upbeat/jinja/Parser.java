package dev.upbeat.jinja;

import dev.upbeat.jinja.Statement.Block;
import dev.upbeat.jinja.Statement.Branch;
import dev.upbeat.jinja.Statement.Flow;
import dev.upbeat.jinja.Statement.Macro;
import dev.upbeat.jinja.Statement.Parameter;
import dev.upbeat.jinja.Statement.Target;
import dev.upbeat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Parses the statements of a template. */
final class Parser {
    private static final Set<String> TAGS = new TreeSet<>(Set.of(
            "if", "for", "set", "macro", "call", "filter", "with", "do", "generation", "break", "continue", "raw"));

    /** Tags of jinja2 that load other templates or change how text is escaped. */
    private static final Set<String> REFUSED = Set.of("include", "import", "from", "extends");

    private static final Set<String> REFUSED_BLOCKS = Set.of("block", "autoescape");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private boolean inLoop;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
        this.targets = new TargetParser(tokens, expressions);
    }

    /**
     * A parsed template.
     *
     * @param variables names that it reads
     * @param keys keys of dicts that it names
     */
    record Parsed(Block body, Set<String> variables, Set<String> keys) {}

    static Parsed parse(String template) {
        Parser parser = new Parser(new Tokens(Lexer.tokens(template)));
        Block body = parser.block(Set.of());
        OperandParser operands = parser.expressions.operands();
        return new Parsed(body, operands.variables(), operands.keys());
    }

    /** Parses statements up to an end tag, whose name is the next token; without end tags, up to the end. */
    private Block block(Set<String> endTags) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(tokens.take().text()));
                case VARIABLE_BEGIN -> {
                    tokens.take();
                    statements.add(new Statement.Print(expressions.tupleOrExpression(true), token.line()));
                    tokens.expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    tokens.take();
                    if (tokens.peek().kind() == Kind.NAME
                            && endTags.contains(tokens.peek().text())) {
                        tokens.leave();
                        return new Block(statements);
                    }
                    statements.add(statement());
                }
                default -> {
                    if (!endTags.isEmpty()) {
                        throw tokens.unexpected("one of the tags " + new TreeSet<>(endTags));
                    }
                    tokens.leave();
                    return new Block(statements);
                }
            }
        }
    }

    private Statement statement() {
        Token tag = tokens.peek();
        return switch (tag.text()) {
            case "if" -> ifStatement();
            case "for" -> forStatement();
            case "set" -> setStatement();
            case "macro" -> macro();
            case "generation" -> {
                tokens.take();
                yield new Statement.Generation(bodyOutsideLoop("endgeneration"));
            }
            case "break", "continue" -> jump();
            case "call" -> callStatement();
            case "with" -> withStatement();
            case "filter" -> filterStatement();
            case "do" -> {
                tokens.take();
                Expression value = expressions.tupleOrExpression(true);
                tokens.expect(Kind.BLOCK_END);
                yield new Statement.Evaluated(value, false, tag.line());
            }
            default -> refused(tag);
        };
    }

    private Statement refused(Token tag) {
        boolean isBlock = REFUSED_BLOCKS.contains(tag.text());
        if (!isBlock && !REFUSED.contains(tag.text())) {
            throw tokens.error("the tag " + tag.described() + " is not supported here: expected one of " + TAGS);
        }
        tokens.take();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (tokens.take().kind() == Kind.END) {
                throw tokens.unexpected("'%}'");
            }
        }
        tokens.take();
        if (isBlock) {
            block(Set.of("end" + tag.text()));
            tokens.take();
            while (tokens.peek().kind() == Kind.NAME) {
                tokens.take();
            }
            tokens.expect(Kind.BLOCK_END);
        }
        return new Statement.Refused(tag.text(), tag.line());
    }

    private Statement callStatement() {
        int line = tokens.take().line();
        List<Parameter> parameters = tokens.peek().isOperator("(") ? targets.parameters("call") : List.of();
        Expression called = expressions.expression();
        if (!(called instanceof CallExpression call)) {
            throw tokens.unexpected("the call of a macro");
        }
        Set<String> outer = expressions.operands().enterMacro();
        Block body = bodyOutsideLoop("endcall");
        return new Statement.Call(
                call,
                new Macro("caller", parameters, body, expressions.operands().leaveMacro(outer)),
                line);
    }

    private Statement withStatement() {
        int line = tokens.take().line();
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(this.targets.target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        Block body = bodyUpTo("endwith");
        closeTag();
        return new Statement.With(targets, values, body, line);
    }

    private Statement filterStatement() {
        int line = tokens.take().line();
        Expression value = filteredBlock(true, "endfilter");
        return new Statement.Evaluated(value, true, line);
    }

    /**
     * Parses a block whose text passes through the filters in its opening tag.
     *
     * @param atFilter whether the next token is a filter's name; else it is the {@code |} before one, or the end of the
     *     tag
     */
    private Expression filteredBlock(boolean atFilter, String endTag) {
        Block[] body = new Block[1]; // parsed after the filters
        Expression value = scope -> body[0].text(scope.inner());
        boolean more = atFilter || tokens.takeOperator("|");
        while (more) {
            value = expressions.operands().filter(value);
            more = tokens.takeOperator("|");
        }
        body[0] = bodyOutsideLoop(endTag);
        return value;
    }

    /** Parses the rest of an opening tag, then its block up to a closing tag, whose name is the next token. */
    private Block bodyUpTo(String... endTags) {
        tokens.takeOperator(":");
        tokens.expect(Kind.BLOCK_END);
        return block(Set.of(endTags));
    }

    /** Like {@link #bodyUpTo} and through the closing tag; a break inside cannot leave a loop around it. */
    private Block bodyOutsideLoop(String endTag) {
        boolean outerInLoop = inLoop;
        inLoop = false;
        Block body = bodyUpTo(endTag);
        inLoop = outerInLoop;
        closeTag();
        return body;
    }

    private void closeTag() {
        tokens.take();
        tokens.expect(Kind.BLOCK_END);
    }

    private Statement ifStatement() {
        List<Branch> branches = new ArrayList<>();
        do {
            int line = tokens.take().line();
            Expression condition = expressions.tupleOrExpression(false);
            branches.add(new Branch(condition, bodyUpTo("elif", "else", "endif"), line));
        } while (tokens.peek().isName("elif"));
        Block otherwise = new Block(List.of());
        if (tokens.takeName("else")) {
            otherwise = bodyUpTo("endif");
        }
        closeTag();
        return new Statement.If(branches, otherwise);
    }

    private Statement forStatement() {
        int line = tokens.take().line();
        Target target = targets.target(false);
        if (!tokens.takeName("in")) {
            throw tokens.unexpected("'in'");
        }
        Expression items = expressions.tupleOrExpression(false);
        Expression condition = tokens.takeName("if") ? expressions.expression() : null;
        boolean recursive = tokens.takeName("recursive");
        boolean outerInLoop = inLoop;
        inLoop = true;
        Block body = bodyUpTo("else", "endfor");
        inLoop = outerInLoop;
        Block otherwise = new Block(List.of());
        if (tokens.takeName("else")) {
            otherwise = bodyUpTo("endfor");
        }
        closeTag();
        return new Statement.For(target, items, condition, recursive, body, otherwise, line);
    }

    private Statement setStatement() {
        int line = tokens.take().line();
        Target target = targets.target(true);
        if (tokens.takeOperator("=")) {
            Expression value = expressions.tupleOrExpression(true);
            tokens.expect(Kind.BLOCK_END);
            return new Statement.Set(target, value, line);
        }
        Expression value = filteredBlock(false, "endset");
        return new Statement.Set(target, value, line);
    }

    private Statement macro() {
        tokens.take();
        String name = targets.assigned();
        Set<String> outer = expressions.operands().enterMacro();
        List<Parameter> parameters = targets.parameters(name);
        Block body = bodyOutsideLoop("endmacro");
        return new Macro(name, parameters, body, expressions.operands().leaveMacro(outer));
    }

    private Statement jump() {
        if (!inLoop) {
            throw tokens.error("'" + tokens.peek().text() + "' stands outside a loop");
        }
        Flow flow = tokens.take().text().equals("break") ? Flow.BREAK : Flow.CONTINUE;
        tokens.expect(Kind.BLOCK_END);
        return new Statement.Jump(flow);
    }
}
