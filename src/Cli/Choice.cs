using System.CommandLine;
using System.Text.Json;

namespace Agentic.Cli;

/// <summary>Options that take one of a few words.</summary>
internal static class Choice
{
    /// <summary>An option whose words are the members of an enum in kebab-case; another word is refused with the nearest.</summary>
    public static Option<T> Of<T>(string name, string description, T defaultValue)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(Word, StringComparer.Ordinal);
        var option = new Option<T>(name) { Description = description, HelpName = string.Join('|', words.Keys), DefaultValueFactory = _ => defaultValue };
        option.CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            if (words.TryGetValue(word, out var value))
            {
                return value;
            }

            result.AddError($"{name} {word}: there is no such choice{NearestName.Hint(word, [.. words.Keys])}");
            return defaultValue;
        };
        return option;
    }

    /// <summary>How the command line spells a member.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
