package dev.upbeat.jinja;

import dev.upbeat.jinja.Statement.NameTarget;
import dev.upbeat.jinja.Statement.NamespaceTarget;
import dev.upbeat.jinja.Statement.Parameter;
import dev.upbeat.jinja.Statement.Target;
import dev.upbeat.jinja.Statement.TupleTarget;
import dev.upbeat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses names that a template assigns to: targets of {@code set}, {@code for} and {@code with}, parameters of macros. */
final class TargetParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    TargetParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Parses one target, or several separated by commas. */
    Target target(boolean mayBeAttribute) {
        tokens.enter();
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        while ((tokens.peek().kind() == Kind.NAME && !tokens.peek().isName("in"))
                || tokens.peek().isOperator("(")) {
            targets.add(singleTarget(mayBeAttribute));
            if (!tokens.takeOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (targets.isEmpty()) {
            throw tokens.unexpected("the name of a variable");
        }
        tokens.leave();
        return isTuple ? new TupleTarget(targets) : targets.get(0);
    }

    private Target singleTarget(boolean mayBeAttribute) {
        if (tokens.takeOperator("(")) {
            Target target = target(false);
            tokens.expectOperator(")");
            return target;
        }
        if (mayBeAttribute && tokens.peekSecond().isOperator(".")) {
            String name = tokens.take().text();
            tokens.take();
            return new NamespaceTarget(name, tokens.expect(Kind.NAME).text());
        }
        return new NameTarget(assigned());
    }

    /** Parses a name that the template assigns to. */
    String assigned() {
        String name = tokens.peek().text();
        if (Set.of("true", "True", "false", "False", "none", "None", "loop", "self")
                .contains(name)) {
            throw tokens.error("the name '" + name + "' cannot be given a value");
        }
        tokens.expect(Kind.NAME);
        return name;
    }

    /** Parses the parameters of a macro or of a call tag, in parentheses. */
    List<Parameter> parameters(String name) {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.takeOperator(")")) {
            String parameter = assigned();
            boolean isDefaulted = tokens.takeOperator("=");
            if (!isDefaulted
                    && !parameters.isEmpty()
                    && parameters.get(parameters.size() - 1).fallback() != null) {
                throw tokens.error(
                        "the parameter " + parameter + " of macro " + name + " has no default, the one before has");
            }
            if (parameters.stream().anyMatch(p -> p.name().equals(parameter))) {
                throw tokens.error("macro " + name + " has the parameter " + parameter + " twice");
            }
            parameters.add(new Parameter(parameter, isDefaulted ? expressions.expression() : null));
            if (!tokens.takeOperator(",") && !tokens.peek().isOperator(")")) {
                throw tokens.unexpected("',' or ')'");
            }
        }
        return parameters;
    }
}
