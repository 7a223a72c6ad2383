package dev.connectionregistry.cloudformation.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A template with its parameters filled in, in account 123456789012. Knows the functions that the templates use and refuses all
 * others.
 */
public final class Stack {
    /** Where it would be. */
    public static final String REGION = "eu-central-1";

    /** Whose it would be. */
    public static final String ACCOUNT = "123456789012";

    private static final Object NO_VALUE = new Object();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

    private final Template template;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Stack(Template template, Map<String, String> given) {
        this.template = template;
        Map<String, Object> declared = template.section("Parameters");
        if (!declared.keySet().containsAll(given.keySet())) {
            throw new IllegalArgumentException("no such parameters: " + given.keySet() + " of " + declared.keySet());
        }
        declared.forEach((name, declaration) -> values.put(name, value(name, Template.map(declaration), given)));
        values.put("AWS::Region", REGION);
        values.put("AWS::AccountId", ACCOUNT);
        values.put("AWS::Partition", "aws");
        values.put("AWS::URLSuffix", "amazonaws.com");
        values.put("AWS::NoValue", NO_VALUE);
    }

    private static Object value(String name, Map<String, Object> declaration, Map<String, String> given) {
        String text = given.getOrDefault(name, (String) declaration.get("Default"));
        if (text == null) {
            throw new IllegalArgumentException("parameter " + name + " is missing");
        }
        if (declaration.get("AllowedPattern") instanceof String pattern && !text.matches(pattern)) {
            throw new IllegalArgumentException("parameter " + name + " may not be '" + text + "'");
        }
        return "CommaDelimitedList".equals(declaration.get("Type")) ? Arrays.asList(text.split(",", -1)) : text;
    }

    /** The properties of a resource. */
    public Map<String, Object> properties(String resource) {
        return Template.map(resolve(Element.at(resource(resource), "Properties")));
    }

    /** The document of a managed policy. */
    public Map<String, Object> policy(String resource) {
        return Element.map(properties(resource), "PolicyDocument");
    }

    /** The outputs' values. */
    public Map<String, Object> outputs() {
        Map<String, Object> outputs = new LinkedHashMap<>();
        template.section("Outputs")
                .forEach((name, output) -> outputs.put(name, resolve(Element.at(Template.map(output), "Value"))));
        return outputs;
    }

    private Map<String, Object> resource(String name) {
        return Element.map(template.section("Resources"), name);
    }

    private Object resolve(Object node) {
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(this::resolve)
                    .filter(each -> each != NO_VALUE)
                    .toList();
        } else if (!(node instanceof Map<?, ?>)) {
            return node;
        }
        Map<String, Object> map = Template.map(node);
        String only = map.size() == 1 ? map.keySet().iterator().next() : "";
        if (only.equals("Ref")) {
            return reference(Element.text(map, only));
        } else if (only.startsWith("Fn::")) {
            return function(only, Element.at(map, only));
        }
        Map<String, Object> resolved = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            Object inside = resolve(value);
            if (inside != NO_VALUE) {
                resolved.put(key, inside);
            }
        });
        return resolved;
    }

    private Object function(String name, Object argument) {
        return switch (name) {
            case "Fn::GetAtt" -> attribute((String) argument);
            case "Fn::Sub" -> substitute((String) argument);
            case "Fn::If" -> {
                List<?> choice = (List<?>) argument;
                yield resolve(choice.get(condition((String) choice.get(0)) ? 1 : 2));
            }
            case "Fn::Not" -> !(Boolean) resolve(((List<?>) argument).get(0));
            case "Fn::Equals" -> {
                List<?> pair = (List<?>) argument;
                yield resolve(pair.get(0)).equals(resolve(pair.get(1)));
            }
            case "Fn::Join" -> {
                List<?> join = (List<?>) argument;
                List<?> parts = (List<?>) resolve(join.get(1));
                yield parts.stream().map(String::valueOf).collect(Collectors.joining((String) join.get(0)));
            }
            default -> throw new IllegalArgumentException("function " + name + " isn't known here");
        };
    }

    private boolean condition(String name) {
        return (Boolean) resolve(Element.at(template.section("Conditions"), name));
    }

    private Object reference(String name) {
        Object value = values.get(name);
        if (value != null) {
            return value;
        }
        return switch (Element.text(resource(name), "Type")) {
            case "AWS::DynamoDB::Table" -> Element.at(properties(name), "TableName");
            case "AWS::IAM::ManagedPolicy" -> "arn:aws:iam::" + ACCOUNT + ":policy/" + name;
            default -> throw new IllegalArgumentException("what Ref gives for " + name + " isn't known here");
        };
    }

    private String attribute(String path) {
        String name = path.substring(0, path.indexOf('.'));
        if (!path.endsWith(".Arn") || !Element.text(resource(name), "Type").equals("AWS::DynamoDB::Table")) {
            throw new IllegalArgumentException("attribute " + path + " isn't known here");
        }
        return tableArn(Element.text(properties(name), "TableName"));
    }

    private String substitute(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        List<String> missing = new ArrayList<>();
        String result = matcher.replaceAll(match -> {
            Object value = values.get(match.group(1));
            if (!(value instanceof String)) {
                missing.add(match.group());
            }
            return Matcher.quoteReplacement(String.valueOf(value));
        });
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("nothing to put for " + missing);
        }
        return result;
    }

    /** What the table's ARN would be. */
    public static String tableArn(String table) {
        return "arn:aws:dynamodb:" + REGION + ":" + ACCOUNT + ":table/" + table;
    }
}
