using Lucene.Net.Analysis.Miscellaneous;

namespace Agentic.Retrieval;

/// <summary>Accented and compound Latin letters to their plain forms (é to e, ß to ss, ł to l), by Lucene's table.</summary>
internal static class AsciiFolding
{
    /// <summary>Length may grow (æ becomes ae); combining marks are dropped.</summary>
    public static string Fold(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text;
        }

        var input = text.ToCharArray();
        var output = new char[4 * input.Length];
        var length = ASCIIFoldingFilter.FoldToASCII(input, 0, output, 0, input.Length);
        var kept = 0;
        for (var i = 0; i < length; i++)
        {
            if (char.GetUnicodeCategory(output[i]) != System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                output[kept++] = output[i];
            }
        }

        return new string(output, 0, kept);
    }
}
