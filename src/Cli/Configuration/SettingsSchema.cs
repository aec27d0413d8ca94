using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>The configuration as JSON Schema, draft 2020-12, with kinds, bounds and defaults.</summary>
internal static class SettingsSchema
{
    public static JsonObject Of(Type root)
    {
        var schema = Section(root, OptionsShape.Default(root));
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        return schema;
    }

    private static JsonObject Section(Type declared, object? defaults)
    {
        if (!declared.IsAbstract)
        {
            return Record(declared, defaults, kind: null);
        }

        var kinds = new JsonArray();
        foreach (var (kind, type) in OptionKinds.Of(declared))
        {
            kinds.Add(Record(type, type == defaults?.GetType() ? defaults : OptionsShape.Default(type), kind));
        }

        return new JsonObject { ["oneOf"] = kinds };
    }

    private static JsonObject Record(Type record, object? defaults, string? kind)
    {
        var properties = new JsonObject();
        if (kind is not null)
        {
            properties[OptionsJson.KindKey] = new JsonObject { ["const"] = kind };
        }

        foreach (var (key, member) in OptionsShape.Members(record))
        {
            var value = defaults is null ? null : member.GetValue(defaults);
            var type = OptionsShape.Bare(member.PropertyType);
            properties[key] = OptionsShape.IsSection(type) ? Section(type, value) : Leaf(type, member, value);
        }

        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Leaf(Type type, PropertyInfo member, object? defaults)
    {
        var leaf = new JsonObject();
        if (type.IsEnum)
        {
            leaf["enum"] = new JsonArray([.. OptionsShape.EnumNames(type).Select(name => JsonValue.Create(name))]);
        }
        else
        {
            leaf["type"] = TypeName(type);
        }

        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            leaf["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            leaf["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
        }

        if (defaults is not null)
        {
            leaf["default"] = JsonSerializer.SerializeToNode(defaults, type, OptionsJson.Serializer);
        }

        return leaf;
    }

    private static string TypeName(Type type) => type switch
    {
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(Seed) => "integer",
        _ when type == typeof(double) || type == typeof(float) => "number",
        _ when OptionsShape.IsList(type) => "array",
        _ => "string",
    };
}
