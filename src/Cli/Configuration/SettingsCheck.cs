using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Walks a configuration against the options records before anything is bound, so that every problem is told at once.</summary>
internal sealed class SettingsCheck
{
    private readonly SettingsTree _tree;
    private readonly List<string> _problems = [];

    private SettingsCheck(SettingsTree tree) => _tree = tree;

    /// <summary>Every problem, one sentence each, in the order of the tree; afterwards bare texts have become typed values and kinds are explicit.</summary>
    public static IReadOnlyList<string> Run(SettingsTree tree, Type root)
    {
        var check = new SettingsCheck(tree);
        check.Section(tree.Json, root, OptionsShape.Default(root), "");
        return check._problems;
    }

    /// <summary>What only a whole section can tell: members that are missing, and rules that tie members together.</summary>
    public static IReadOnlyList<string> AcrossMembers(object section, string path) =>
    [
        .. OptionsGuard.Problems(section).Select(problem => path.Length == 0 ? problem : $"{path}: {problem}"),
        .. OptionsShape.Members(section.GetType())
            .Where(member => OptionsShape.IsSection(member.Value.PropertyType) && member.Value.GetValue(section) is not null)
            .SelectMany(member => AcrossMembers(member.Value.GetValue(section)!, Join(path, member.Key))),
        .. OptionsShape.Members(section.GetType())
            .Where(member => OptionsShape.SectionOf(member.Value.PropertyType) is not null && member.Value.GetValue(section) is not null)
            .SelectMany(member => ((IEnumerable)member.Value.GetValue(section)!).Cast<object>().SelectMany((element, index) => AcrossMembers(element, $"{Join(path, member.Key)}[{index}]"))),
    ];

    private void Section(JsonObject json, Type declared, object? defaults, string path)
    {
        var concrete = OptionsShape.Concrete(declared, json, defaults);
        if (concrete is null)
        {
            Problem(Join(path, OptionsJson.KindKey), UnknownKind(declared, json));
            return;
        }

        var members = OptionsShape.Members(concrete);
        var known = declared.IsAbstract ? [.. members.Keys, OptionsJson.KindKey] : members.Keys.ToList();
        if (declared.IsAbstract && json[OptionsJson.KindKey] is null)
        {
            json[OptionsJson.KindKey] = OptionKinds.Name(concrete, declared);
        }

        var instance = defaults?.GetType() == concrete ? defaults : OptionsShape.Default(concrete);
        foreach (var (key, value) in json.ToList())
        {
            var here = Join(path, key);
            if (members.TryGetValue(key, out var member))
            {
                Member(json, key, value, member, instance is null ? null : member.GetValue(instance), here);
            }
            else if (!(declared.IsAbstract && key == OptionsJson.KindKey))
            {
                Problem(here, "unknown key" + NearestName.Hint(key, known));
            }
        }
    }

    private void Member(JsonObject parent, string key, JsonNode? value, PropertyInfo member, object? defaults, string path)
    {
        var type = OptionsShape.Bare(member.PropertyType);
        if (OptionsShape.IsSection(type))
        {
            if (value is JsonObject section)
            {
                Section(section, type, defaults, path);
            }
            else if (value is not null || defaults is not null)
            {
                Problem(path, $"is a section: write {{ ... }}, or set one of its keys, like {path}.{FirstKey(type, defaults)}");
            }

            return;
        }

        var typed = _tree.IsText(path) && value is not null ? FromText(value.GetValue<string>(), type) : value;
        parent[key] = ReferenceEquals(typed, value) ? value : typed;
        if (parent[key] is not JsonArray list || OptionsShape.SectionOf(type) is not { } element || AreSections(list, element, path))
        {
            Value(parent[key], member, type, path);
        }
    }

    private bool AreSections(JsonArray list, Type element, string path)
    {
        var known = _problems.Count;
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is JsonObject section)
            {
                Section(section, element, OptionsShape.Default(element), $"{path}[{index}]");
            }
            else
            {
                Problem($"{path}[{index}]", $"is a section: write {{ ... }}, like {{ \"{FirstKey(element, null)}\": ... }}");
            }
        }

        return _problems.Count == known;
    }

    private void Value(JsonNode? value, PropertyInfo member, Type type, string path)
    {
        object? bound;
        try
        {
            bound = value is null ? null : value.Deserialize(type, OptionsJson.Serializer);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            Problem(path, $"must be {OptionsShape.Describe(type)}, not {value!.ToJsonString()}{EnumHint(type, value)}");
            return;
        }

        if (bound is null && type.IsValueType && Nullable.GetUnderlyingType(member.PropertyType) is null)
        {
            Problem(path, $"must be {OptionsShape.Describe(type)}, not null");
            return;
        }

        foreach (var rule in member.GetCustomAttributes<ValidationAttribute>())
        {
            var context = new ValidationContext(new object()) { MemberName = member.Name, DisplayName = path };
            if (rule.GetValidationResult(bound, context) is { } failed)
            {
                Problem(path, RuleSentence(rule, bound) ?? failed.ErrorMessage ?? "is not valid");
            }
        }
    }

    private static string? RuleSentence(ValidationAttribute rule, object? value) => rule is RangeAttribute range
        ? string.Create(CultureInfo.InvariantCulture, $"must be between {range.Minimum} and {range.Maximum}, not {value}")
        : null;

    private static string EnumHint(Type type, JsonNode value) =>
        type.IsEnum && value.GetValueKind() == JsonValueKind.String && NearestName.Of(value.GetValue<string>(), OptionsShape.EnumNames(type)) is { } near
            ? $"; did you mean '{near}'?"
            : "";

    private static string UnknownKind(Type declared, JsonObject json)
    {
        var kinds = OptionKinds.Of(declared).Keys.ToList();
        return json[OptionsJson.KindKey] is { } kind
            ? $"unknown kind {kind.ToJsonString()}{NearestName.Hint(kind.ToString(), kinds)}"
            : $"missing; known are {string.Join(", ", kinds)}";
    }

    private static string FirstKey(Type type, object? defaults) =>
        type.IsAbstract ? OptionsJson.KindKey : OptionsShape.Members(defaults?.GetType() ?? type).Keys.FirstOrDefault("key");

    /// <summary>A bare text as the JSON its type wants; text that does not fit stays text, and the binding says what is wrong with it.</summary>
    private static JsonNode FromText(string text, Type type)
    {
        if (type == typeof(string) || type.IsEnum)
        {
            return text;
        }

        if (OptionsShape.IsList(type) && !text.StartsWith('['))
        {
            return new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => JsonValue.Create(item))]);
        }

        try
        {
            return JsonNode.Parse(text) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private void Problem(string path, string sentence)
    {
        var (source, owner) = (_tree.SourceOf(path), path);
        while (source is null && owner.LastIndexOfAny(['.', '[']) is > 0 and var end)
        {
            owner = owner[..end];
            source = _tree.SourceOf(owner);
        }

        _problems.Add(source is null ? $"{path}: {sentence}" : $"{source}: {path}: {sentence}");
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
