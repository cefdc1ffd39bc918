<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis minScale="1e+08" version="3.22.16-Białowieża" styleCategories="Symbology|Labeling|Fields|Forms|Rendering" hasScaleBasedVisibilityFlag="0" maxScale="0">
 <fieldConfiguration>
  <field name="fid" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="code" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="category" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="binding" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="约束性" value="binding"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="预期性" value="expected"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="unit" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="kind" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="时点值" value="stock"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="累计值" value="cumulative"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="指标编号" field="code" index="1"/>
  <alias name="指标名称" field="name" index="2"/>
  <alias name="指标类别" field="category" index="3"/>
  <alias name="指标属性" field="binding" index="4"/>
  <alias name="计量单位" field="unit" index="5"/>
  <alias name="计算方式" field="kind" index="6"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="code" applyOnUpdate="0"/>
  <default expression="" field="name" applyOnUpdate="0"/>
  <default expression="" field="category" applyOnUpdate="0"/>
  <default expression="" field="binding" applyOnUpdate="0"/>
  <default expression="" field="unit" applyOnUpdate="0"/>
  <default expression="" field="kind" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="1" exp_strength="2" field="code" notnull_strength="1" constraints="7"/>
  <constraint unique_strength="0" exp_strength="2" field="name" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="category" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="binding" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="unit" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="kind" notnull_strength="0" constraints="0"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="每个指标一个编号，不得为空或重复，写成一行。" field="code" exp="&quot;code&quot; is NULL or (length(&quot;code&quot;)&lt;=32 and regexp_match(&quot;code&quot;,'[\\r\\n\\t]')=0)"/>
  <constraint desc="请填写指标名称，写成一行，不超过 120 字。" field="name" exp="(length(trim(coalesce(&quot;name&quot;,'')))>0) and (&quot;name&quot; is NULL or (length(&quot;name&quot;)&lt;=120 and regexp_match(&quot;name&quot;,'[\\r\\n\\t]')=0))"/>
  <constraint desc="" field="category" exp=""/>
  <constraint desc="" field="binding" exp=""/>
  <constraint desc="" field="unit" exp=""/>
  <constraint desc="" field="kind" exp=""/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="基本信息" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="code" showLabel="1" index="1"/>
   <attributeEditorField name="name" showLabel="1" index="2"/>
   <attributeEditorField name="category" showLabel="1" index="3"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="单位与性质" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="unit" showLabel="1" index="5"/>
   <attributeEditorField name="binding" showLabel="1" index="4"/>
   <attributeEditorField name="kind" showLabel="1" index="6"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="相关内容" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="values" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="values" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("'&lt;h4>目标值&lt;/h4>'||with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=indicator_value'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,'&lt;p class=hint>要在此显示内容，请把同一规划库的“指标目标值”图层也加入工程。&lt;/p>',coalesce(eval('with_variable(''rows'',coalesce(aggregate(@sibling,''concatenate'',''&lt;tr>''||''&lt;td>''||replace(coalesce(to_string(\"year\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||trim(replace(coalesce(to_string(\"operator\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||'' ''||replace(coalesce(to_string(\"value\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"text\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;/tr>'',\"indicator_code\"=attribute(@parent,''code''),'''',\"year\"),''''),if(@rows='''',''&lt;p class=hint>还没有目标值。&lt;/p>'',''&lt;table>&lt;tr>&lt;th>年份&lt;/th>&lt;th>数值&lt;/th>&lt;th>文字表述&lt;/th>&lt;/tr>''||@rows||''&lt;/table>''))'),'&lt;p class=hint>要在此显示内容，请把同一规划库的“指标目标值”图层也加入工程。&lt;/p>')))||'&lt;br>'||'&lt;h4>分解到各县（区）&lt;/h4>'||with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=indicator_share'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,'&lt;p class=hint>要在此显示内容，请把同一规划库的“指标分解”图层也加入工程。&lt;/p>',coalesce(eval('with_variable(''rows'',coalesce(aggregate(@sibling,''concatenate'',''&lt;tr>''||''&lt;td>''||replace(coalesce(to_string(\"unit_name\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"value\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;/tr>'',\"indicator_code\"=attribute(@parent,''code''),'''',\"unit_name\"),''''),if(@rows='''',''&lt;p class=hint>没有分解。&lt;/p>'',''&lt;table>&lt;tr>&lt;th>单元&lt;/th>&lt;th>数值&lt;/th>&lt;/tr>''||@rows||''&lt;/table>''))'),'&lt;p class=hint>要在此显示内容，请把同一规划库的“指标分解”图层也加入工程。&lt;/p>')))"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="values" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="values" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('''&lt;h4>目标值&lt;/h4>''||with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=indicator_value''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,''&lt;p class=hint>要在此显示内容，请把同一规划库的“指标目标值”图层也加入工程。&lt;/p>'',coalesce(eval(''with_variable(''''rows'''',coalesce(aggregate(@sibling,''''concatenate'''',''''&lt;tr>''''||''''&lt;td>''''||replace(coalesce(to_string("year"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||trim(replace(coalesce(to_string("operator"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||'''' ''''||replace(coalesce(to_string("value"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("text"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;/tr>'''',"indicator_code"=attribute(@parent,''''code''''),'''''''',"year"),''''''''),if(@rows='''''''',''''&lt;p class=hint>还没有目标值。&lt;/p>'''',''''&lt;table width=480>&lt;tr>&lt;th>年份&lt;/th>&lt;th>数值&lt;/th>&lt;th>文字表述&lt;/th>&lt;/tr>''''||@rows||''''&lt;/table>''''))''),''&lt;p class=hint>要在此显示内容，请把同一规划库的“指标目标值”图层也加入工程。&lt;/p>'')))||''&lt;br>''||''&lt;h4>分解到各县（区）&lt;/h4>''||with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=indicator_share''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,''&lt;p class=hint>要在此显示内容，请把同一规划库的“指标分解”图层也加入工程。&lt;/p>'',coalesce(eval(''with_variable(''''rows'''',coalesce(aggregate(@sibling,''''concatenate'''',''''&lt;tr>''''||''''&lt;td>''''||replace(coalesce(to_string("unit_name"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("value"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;/tr>'''',"indicator_code"=attribute(@parent,''''code''''),'''''''',"unit_name"),''''''''),if(@rows='''''''',''''&lt;p class=hint>没有分解。&lt;/p>'''',''''&lt;table width=480>&lt;tr>&lt;th>单元&lt;/th>&lt;th>数值&lt;/th>&lt;/tr>''''||@rows||''''&lt;/table>''''))''),''&lt;p class=hint>要在此显示内容，请把同一规划库的“指标分解”图层也加入工程。&lt;/p>'')))')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>4</layerGeometryType>
</qgis>
