using System.ComponentModel.DataAnnotations;

namespace Agentic.Retrieval;

/// <summary>Checks an options record against its annotations once, at the border, so that an invalid object never exists.</summary>
public static class OptionsGuard
{
    /// <summary>Returns <paramref name="options"/> unchanged, or throws <see cref="OptionsException"/> naming every broken rule.</summary>
    public static T Checked<T>(T options)
        where T : notnull
    {
        var problems = Problems(options);
        return problems.Count == 0 ? options : throw new OptionsException(options.GetType().Name, problems);
    }

    /// <summary>Every broken rule of <paramref name="options"/>, in the order of its members; empty when it is valid.</summary>
    public static IReadOnlyList<string> Problems(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage ?? "is invalid")];
    }
}
